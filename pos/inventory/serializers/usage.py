"""Shapes of theoretical against actual use."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, QuantityField
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.usage import Amount, Usage


class AmountOutput(serializers.Serializer[Any]):
    """A quantity in the item's unit, and its value in minor units; below zero it goes the other way."""

    quantity = QuantityField()
    value_minor = QuantityField()


class UsageOutput(serializers.Serializer[Any]):
    """A variant from shelf to shelf: opening + received + transferred + produced − used_in_production −
    theoretical − waste − variance = closing."""

    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    opening = AmountOutput()
    received = AmountOutput()
    transferred = AmountOutput()
    produced = AmountOutput()
    used_in_production = AmountOutput()
    theoretical = AmountOutput(help_text="What recipes say was sold.")
    actual = AmountOutput(help_text="Theoretical use and variance together.")
    waste = AmountOutput()
    variance = AmountOutput(help_text="Above zero it is missing.")
    variance_percent = QuantityField(allow_null=True, help_text="Of the theoretical use.")
    revalued_minor = QuantityField()
    closing = AmountOutput()


class UsageTotalsOutput(serializers.Serializer[Any]):
    """What the parts are worth together, in minor units."""

    opening_minor = QuantityField()
    received_minor = QuantityField()
    transferred_minor = QuantityField()
    produced_minor = QuantityField()
    used_in_production_minor = QuantityField()
    theoretical_minor = QuantityField()
    waste_minor = QuantityField()
    variance_minor = QuantityField()
    revalued_minor = QuantityField()
    closing_minor = QuantityField()


class UsageReportOutput(serializers.Serializer[Any]):
    """Theoretical against actual use, the dearest variance first."""

    first_day = DateField()
    last_day = DateField()
    currency = serializers.CharField()
    totals = UsageTotalsOutput()
    items = UsageOutput(many=True)
    left_out = serializers.IntegerField(help_text="So many more have a smaller variance.")


def usage_document(usage: Usage) -> dict[str, Any]:
    """A row as the API tells it."""
    share = usage.variance_percent
    amounts = (
        "opening",
        "received",
        "transferred",
        "produced",
        "used_in_production",
        "theoretical",
        "actual",
        "waste",
        "variance",
        "closing",
    )
    return {
        "variant_id": str(usage.variant_id),
        "sku": usage.sku,
        "name": usage.name,
        "unit": usage.unit,
        **{name: _amount(getattr(usage, name)) for name in amounts},
        "variance_percent": None if share is None else plain_quantity(share),
        "revalued_minor": plain_quantity(usage.revalued_minor),
    }


def _amount(amount: Amount) -> dict[str, str]:
    return {"quantity": plain_quantity(amount.quantity), "value_minor": plain_quantity(amount.value_minor)}
