"""Taxes of a period, in the back office."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse

from fynlo.backoffice.pages import page, render, repeat_no_choice
from fynlo.backoffice.site import merchant_admin
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from payments.ledger.accounts import rate_text
from payments.ledger.queries import Period
from pos.orders.queries.taxes import TaxRow, tax_report
from pos.registers.models import Location

_AMOUNTS = ("sold_net", "sold_tax", "refunded_tax", "net", "tax", "booked")


class TaxForm(forms.Form):
    """Business days, both counted; how to cut them; and where."""

    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))
    by = forms.ChoiceField(
        required=False, choices=[("period", "the whole"), ("month", "by month"), ("day", "by day")]
    )
    location = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        named: dict[str, Any] = self.fields
        places = Location.objects.order_by("code").values_list("pk", "name")
        named["location"].choices = [("", "all"), *((str(key), name) for key, name in places)]


@page(merchant_admin, "pos/taxes/", name="pos_tax_report", permission="ledger.read", only_looks=True)
def taxes(request: HttpRequest) -> HttpResponse:
    """What is owed of each tax at each rate, and what the books have of it."""
    form = TaxForm(request.GET)
    context: dict[str, Any] = {"form": form, "currency": current_tenant().currency}
    if form.is_valid():
        values = form.cleaned_data
        rows = tax_report(
            period=Period(since=values["since"], until=values["until"]),
            by=values["by"] or "period",
            location_id=UUID(values["location"]) if values["location"] else None,
        )
        context["rows"] = [_row(row) for row in rows]
    return render(merchant_admin, request, "tax_report", "Taxes", **context)


def _row(row: TaxRow) -> dict[str, Any]:
    currency = current_tenant().currency
    amounts = {name: format_money(Money(getattr(row, f"{name}_minor"), currency)) for name in _AMOUNTS}
    return {
        "period": row.period,
        "code": row.code,
        "name": row.name,
        "rate": "per unit" if row.rate is None else f"{rate_text(row.rate * Decimal(100))} %",
        "differs": row.tax_minor != row.booked_minor,
        **amounts,
    }
