"""Pages of the books: the balances of a period with exports for the accountant, and charts to start from."""

import datetime as dt
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render, repeat_no_choice
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from payments.ledger.charts import TEMPLATES
from payments.ledger.exporting import journal_export
from payments.ledger.exports.formats import FORMATS
from payments.ledger.queries import AccountBalance, Period, mappings, trial_balance
from payments.ledger.services import apply_chart

_NAMES: Final = {
    "csv": "CSV (everything)",
    "datev": "DATEV Buchungsstapel",
    "fec": "FEC (France)",
    "quickbooks": "QuickBooks (IIF)",
    "xero": "Xero manual journals",
}


class PeriodForm(forms.Form):
    """Business days, both counted; and a format to take them along in."""

    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))
    take = forms.ChoiceField(
        label="Export as",
        required=False,
        choices=[("", "show only"), *((name, _NAMES[name]) for name in FORMATS)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)

    def clean(self) -> dict[str, Any]:
        """A period begins before it ends, and an export has both its days."""
        values = super().clean() or self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", "The period ends before it begins.")
        if values.get("take") and not (since and until):
            self.add_error("take", "An export needs its first and last day.")
        return values


class ChartForm(forms.Form):
    """A chart to start from."""

    template = forms.ChoiceField(
        label="Chart",
        choices=[(chart.code, f"{chart.name} ({chart.source})") for chart in TEMPLATES.values()],
    )


@page(merchant_admin, "payments/books/", name="payments_books", permission="ledger.read", only_looks=True)
def books(request: HttpRequest) -> HttpResponse:
    """The trial balance of a period; with a format chosen, its journal as a file."""
    form = PeriodForm(request.GET)
    context: dict[str, Any] = {"form": form, "currency": current_tenant().currency}
    if form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        if form.cleaned_data["take"]:
            try:
                return _file(form.cleaned_data["take"], since, until)
            except DomainError as error:
                form.add_error("take", error.detail)
        moved = [row for row in trial_balance(Period(since=since, until=until)) if _is_moved(row)]
        context |= {
            "rows": [_row(row) for row in moved],
            "total": _shown(sum(r.balance_minor for r in moved)),
        }
    return render(merchant_admin, request, "books", "Balances and exports", **context)


@page(merchant_admin, "payments/chart/", name="payments_chart", permission="ledger.write")
def chart(request: HttpRequest) -> HttpResponse:
    """Where everything is booked now, and charts to start from."""
    form = ChartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = apply_chart(template=form.cleaned_data["template"], actor=actor_of(request), at=clock.now())
        messages.success(request, f"{made} accounts were made. What was booked before stays where it is.")
        return HttpResponseRedirect(reverse("admin:payments_chart"))
    rows = [
        {
            "key": each.key,
            "account": (each.account.number or each.account.code) if each.account else "",
            "name": each.account.name if each.account else "",
            "how": "mapped" if each.is_own else ("standard" if each.account else "when first booked"),
        }
        for each in mappings()
    ]
    return render(merchant_admin, request, "chart", "Chart to start from", form=form, rows=rows)


def _file(name: str, since: dt.date, until: dt.date) -> HttpResponse:
    export = journal_export(format_name=name, since=since, until=until, at=clock.now())
    response = FileResponse(
        export.content, as_attachment=True, filename=export.filename, content_type=export.media_type
    )
    return cast("HttpResponse", response)  # a page may answer with a file


def _is_moved(row: AccountBalance) -> bool:
    return bool(row.debit_minor or row.credit_minor)


def _row(row: AccountBalance) -> dict[str, str]:
    return {
        "code": row.code,
        "number": row.number,
        "name": row.name,
        "kind": row.kind,
        "debit": _shown(row.debit_minor),
        "credit": _shown(row.credit_minor),
        "balance": _shown(row.balance_minor),
    }


def _shown(minor: int) -> str:
    return format_money(Money(minor, current_tenant().currency))
