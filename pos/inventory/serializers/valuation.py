"""Shapes of what stock is worth."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField
from fynlo.api.money_fields import MoneyField
from pos.inventory.costing import unit_cost
from pos.inventory.quantities import plain_cost, plain_quantity


def valuation_row(row: Any) -> dict[str, Any]:
    """A level as `valued_levels` gives it. The average cost is left open where less than nothing is there."""
    quantity, value = row.quantity_then, row.value_then
    average = unit_cost(value=value, quantity=quantity) if quantity > 0 and value >= 0 else None
    name = row.variant.name
    return {
        "id": str(row.pk),
        "variant_id": str(row.variant_id),
        "location_id": str(row.location_id),
        "sku": row.variant.sku,
        "name": f"{row.variant.item.name}, {name}" if name else row.variant.item.name,
        "unit": row.variant.item.unit,
        "quantity": plain_quantity(quantity),
        "value_minor": plain_cost(value),
        "average_cost_minor": None if average is None else plain_cost(average),
    }


class ValuationRowOutput(serializers.Serializer[Any]):
    """How much of a variant there was at a location, and what that was worth in minor units with decimals."""

    id = IdField()
    variant_id = IdField()
    location_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.CharField()
    value_minor = serializers.CharField()
    average_cost_minor = serializers.CharField(allow_null=True, help_text="Null: nothing is there.")


class ValuationTotalsOutput(serializers.Serializer[Any]):
    """What all of it was worth, over all pages: exactly, and rounded half up to whole minor units."""

    value_minor = serializers.CharField()
    value = MoneyField()
    level_count = serializers.IntegerField()


class ValuationOutput(serializers.Serializer[Any]):
    """What stock was worth."""

    currency = serializers.CharField()
    totals = ValuationTotalsOutput()
    items = ValuationRowOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True)
