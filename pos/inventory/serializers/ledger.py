"""Shapes of levels and movements."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, QuantityField, TimestampField
from pos.inventory.models import StockMovement
from pos.inventory.quantities import plain_quantity


class PlainQuantityField(QuantityField):
    """A stored quantity, cost or value without trailing zeros: `0.335`, `2`, `-1.5`."""

    def to_representation(self, value: Decimal) -> str:
        """The number as text."""
        return plain_quantity(value)


class StockLevelOutput(serializers.Serializer[Any]):
    """What is on hand of a variant at a location; below zero when more was sold than counted in.

    Quantities are in `unit`; costs are minor units of the merchant's currency with decimals. `unit_cost_minor` is
    what the next unit out costs, null where nothing is known of it.
    """

    id = IdField()
    variant_id = IdField()
    location_id = IdField()
    sku = serializers.CharField(source="variant.sku")
    unit = serializers.CharField(source="variant.item.unit")
    on_hand = PlainQuantityField()
    reserved = PlainQuantityField()
    available = PlainQuantityField()
    in_transit = PlainQuantityField()
    unit_cost_minor = PlainQuantityField(allow_null=True)
    value_minor = PlainQuantityField()
    counted_at = TimestampField(allow_null=True)
    moved_at = TimestampField(allow_null=True)


class StockMovementOutput(serializers.Serializer[Any]):
    """A quantity that came (positive) or went (negative), with its cause and its value in minor units."""

    id = IdField()
    variant_id = IdField()
    location_id = IdField()
    sku = serializers.CharField(source="variant.sku")
    kind = serializers.ChoiceField(choices=StockMovement.KINDS)
    quantity = PlainQuantityField()
    value_minor = PlainQuantityField()
    lot_id = IdField(allow_null=True)
    order_id = IdField(allow_null=True)
    order_line_id = IdField(allow_null=True)
    document_id = IdField(allow_null=True)
    document_line_id = IdField(allow_null=True)
    original_id = IdField(allow_null=True)
    reason = serializers.CharField()
    employee_id = IdField(allow_null=True)
    at = TimestampField()
    business_date = DateField()
    recorded_at = TimestampField(allow_null=True)
