"""Shapes of stock."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, QuantityField, TimestampField
from pos.inventory.models import StockMovement
from pos.inventory.quantities import plain_quantity


class PlainQuantityField(QuantityField):
    """A stored quantity without trailing zeros: `0.335`, `2`, `-1.5`."""

    def to_representation(self, value: Decimal) -> str:
        """The number as text."""
        return plain_quantity(value)


class StockLevelOutput(serializers.Serializer[Any]):
    """What is on hand of a variant at a location; below zero when more was sold than counted in."""

    id = IdField()
    variant_id = IdField()
    location_id = IdField()
    sku = serializers.CharField(source="variant.sku")
    on_hand = PlainQuantityField()


class StockMovementOutput(serializers.Serializer[Any]):
    """A quantity that came (positive) or went (negative), with its cause."""

    id = IdField()
    variant_id = IdField()
    location_id = IdField()
    sku = serializers.CharField(source="variant.sku")
    kind = serializers.ChoiceField(choices=StockMovement.KINDS)
    quantity = PlainQuantityField()
    order_id = IdField(allow_null=True)
    order_line_id = IdField(allow_null=True)
    employee_id = IdField(allow_null=True)
    at = TimestampField()
    business_date = DateField()
