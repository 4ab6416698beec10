"""Shapes of a stock card."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, TimestampField
from pos.inventory.models import StockMovement
from pos.inventory.serializers.ledger import PlainQuantityField


class CardSumOutput(serializers.Serializer[Any]):
    """All movements of one kind in the period."""

    kind = serializers.ChoiceField(choices=StockMovement.KINDS)
    quantity = PlainQuantityField()
    value_minor = PlainQuantityField()


class CardDayOutput(serializers.Serializer[Any]):
    """A business day with movements: what came, what went (negative), what was there in the evening."""

    date = DateField()
    came = PlainQuantityField()
    went = PlainQuantityField()
    on_hand = PlainQuantityField()
    value_minor = PlainQuantityField()


class CardRowOutput(serializers.Serializer[Any]):
    """A movement with what was there and worth after it, in the order things happened."""

    id = IdField()
    kind = serializers.ChoiceField(choices=StockMovement.KINDS)
    quantity = PlainQuantityField()
    value_minor = PlainQuantityField()
    on_hand_after = PlainQuantityField()
    value_after_minor = PlainQuantityField()
    location_id = IdField()
    lot_id = IdField(allow_null=True)
    order_id = IdField(allow_null=True)
    order_line_id = IdField(allow_null=True)
    document_id = IdField(allow_null=True)
    original_id = IdField(allow_null=True)
    reason = serializers.CharField()
    employee_id = IdField(allow_null=True)
    at = TimestampField()
    business_date = DateField()
    recorded_at = TimestampField(allow_null=True)


class StockCardOutput(serializers.Serializer[Any]):
    """A period of an item's life in stock. `movements` are newest first; `next_cursor` leads to older ones.

    Values are minor units of `currency` with decimals, as costs are known now.
    """

    variant_id = IdField()
    location_id = IdField(allow_null=True)
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    currency = serializers.CharField()
    since = DateField()
    until = DateField()
    opening = PlainQuantityField()
    opening_value_minor = PlainQuantityField()
    closing = PlainQuantityField()
    closing_value_minor = PlainQuantityField()
    sums = CardSumOutput(many=True)
    days = CardDayOutput(many=True)
    movements = CardRowOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True)
