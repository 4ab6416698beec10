"""Shapes of batches."""

from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, QuantityField, StrictSerializer, TextField, TimestampField
from pos.inventory.models.lots import MAX_LOT_CODE
from pos.inventory.serializers.costs import CostField
from pos.inventory.services.production_checks import IngredientUsed, ProductionDraft

MOST_INGREDIENTS: Final = 100


class IngredientInput(StrictSerializer):
    """What really went in."""

    variant_id = IdField()
    quantity = QuantityField()
    unit = TextField(required=False, max_length=20)
    lot_id = IdField(required=False, allow_null=True)


class ProductionInput(StrictSerializer):
    """A batch. Without `ingredients`, what the recipe says went in; a new lot may get its code and last day."""

    variant_id = IdField()
    location_id = IdField()
    quantity = QuantityField()
    unit = TextField(required=False, max_length=20)
    ingredients = IngredientInput(many=True, required=False, min_length=1, max_length=MOST_INGREDIENTS)  # type: ignore[call-arg]
    lot = TextField(required=False, max_length=MAX_LOT_CODE)
    expires_on = DateField(required=False, allow_null=True)
    note = TextField(required=False, allow_blank=True, max_length=200)
    at = TimestampField(
        required=False, help_text="When it was, if that was not just now; never in the future."
    )

    def to_draft(self) -> ProductionDraft:
        """The frozen input of `produce`."""
        values = dict(self.validated_data)
        stated = values.pop("ingredients", None)
        ingredients = None if stated is None else tuple(IngredientUsed(**each) for each in stated)
        return ProductionDraft(ingredients=ingredients, **values)


class IngredientOutput(serializers.Serializer[Any]):
    """What went in, and what it was worth."""

    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = QuantityField()
    unit = serializers.CharField()
    lot = serializers.CharField(allow_null=True)
    value_minor = CostField()


class ProductionHeadOutput(serializers.Serializer[Any]):
    """A batch."""

    id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    location_id = IdField()
    quantity = QuantityField()
    unit = serializers.CharField()
    recipe_revision = serializers.IntegerField(allow_null=True, help_text="Null: what went in was stated.")
    note = serializers.CharField()
    at = TimestampField()
    business_date = DateField()
    by = serializers.CharField()
    reverted_at = TimestampField(allow_null=True)
    reverted_by = serializers.CharField(allow_null=True)


class ProductionOutput(ProductionHeadOutput):
    """A batch with what went into it; costs in minor units, as far as they are known now."""

    lot = serializers.CharField(allow_null=True)
    expires_on = DateField(allow_null=True)
    value_minor = CostField()
    unit_cost_minor = CostField()
    ingredients = IngredientOutput(many=True)
