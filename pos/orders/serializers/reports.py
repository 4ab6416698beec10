"""Shapes of reports about orders."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, MoneyField
from fynlo.core.money import Money
from payments.ledger.accounts import rate_text
from pos.orders.queries.taxes import TaxRow


class TaxRowOutput(serializers.Serializer[Any]):
    """One tax at one rate. `tax` is what was sold less what was refunded, `booked` what the ledger has of it."""

    period = DateField(allow_null=True, help_text="The first day of the day or month; null for the whole.")
    code = serializers.CharField()
    name = serializers.CharField()
    rate = serializers.CharField(allow_null=True, help_text="A fraction as text; null for a tax per unit.")
    sold_net = MoneyField(allow_negative=True)
    sold_tax = MoneyField(allow_negative=True)
    refunded_net = MoneyField(allow_negative=True)
    refunded_tax = MoneyField(allow_negative=True)
    net = MoneyField(allow_negative=True)
    tax = MoneyField(allow_negative=True)
    booked = MoneyField(allow_negative=True)


class TaxReportOutput(serializers.Serializer[Any]):
    """Taxes of a period; `total` is all that is owed."""

    items = TaxRowOutput(many=True)
    total = MoneyField(allow_negative=True)
    booked = MoneyField(allow_negative=True)


def tax_report_document(rows: Iterable[TaxRow], *, currency: str) -> dict[str, Any]:
    """The report as the API answers it."""
    found = list(rows)
    amounts = ("sold_net", "sold_tax", "refunded_net", "refunded_tax", "net", "tax", "booked")
    items = [
        {
            "period": row.period,
            "code": row.code,
            "name": row.name,
            "rate": None if row.rate is None else rate_text(row.rate),
            **{name: Money(getattr(row, f"{name}_minor"), currency) for name in amounts},
        }
        for row in found
    ]
    total = Money(sum(row.tax_minor for row in found), currency)
    booked = Money(sum(row.booked_minor for row in found), currency)
    return dict(TaxReportOutput({"items": items, "total": total, "booked": booked}).data)
