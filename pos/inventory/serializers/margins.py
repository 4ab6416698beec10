"""Shapes of margins."""

from fractions import Fraction
from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, QuantityField
from pos.inventory.margins import shown
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.margins import DishMargin


class DishMarginOutput(serializers.Serializer[Any]):
    """What is left of a dish's price; amounts in minor units. Null: not known, because a cost is `unknown`."""

    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    category_id = IdField()
    price_minor = serializers.IntegerField()
    net_price_minor = QuantityField()
    cost_minor = QuantityField(allow_null=True)
    cost_source = serializers.ChoiceField(choices=["recipe", "stock"])
    margin_minor = QuantityField(allow_null=True)
    margin_percent = QuantityField(allow_null=True)
    food_cost_percent = QuantityField(allow_null=True)
    unknown = serializers.ListField(child=IdField(), help_text="Ingredients of unknown cost.")


class DishMarginsOutput(serializers.Serializer[Any]):
    """Dishes, those of which least is left first."""

    location_id = IdField()
    currency = serializers.CharField()
    items = DishMarginOutput(many=True)
    left_out = serializers.IntegerField()


def margin_document(row: DishMargin) -> dict[str, Any]:
    """A row as the API tells it."""
    percent, food = row.margin.percent, row.margin.food_cost_percent
    return {
        "variant_id": str(row.variant_id),
        "sku": row.sku,
        "name": row.name,
        "unit": row.unit,
        "category_id": str(row.category_id),
        "price_minor": row.price_minor,
        "net_price_minor": _told(row.margin.net),
        "cost_minor": _told(row.margin.cost),
        "cost_source": row.source,
        "margin_minor": _told(row.margin.left),
        "margin_percent": None if percent is None else plain_quantity(percent),
        "food_cost_percent": None if food is None else plain_quantity(food),
        "unknown": [str(key) for key in row.unknown],
    }


def _told(exact: Fraction | None) -> str | None:
    return None if exact is None else plain_quantity(shown(exact))
