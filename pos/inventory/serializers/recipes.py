"""Shapes of recipes."""

from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import ChoiceField, IdField, QuantityField, StrictSerializer, TextField, TimestampField
from pos.inventory.models.recipes import ADD, LINE_EFFECTS, LONGEST_RECIPE_NOTE, MADE, TO_ORDER
from pos.inventory.services.recipes import RecipeDraft, RecipeLineDraft

MOST_LINES: Final = 100


class RecipeLineInput(StrictSerializer):
    """An ingredient. Modifiers may also `remove` one (all of it without a quantity) or `replace` one by this."""

    variant_id = IdField()
    effect = ChoiceField(choices=LINE_EFFECTS, required=False)
    quantity = QuantityField(required=False, allow_null=True)
    unit = TextField(required=False, max_length=20)
    waste_percent = QuantityField(required=False, places=4)
    replaces = IdField(required=False, allow_null=True)


class RecipeInput(StrictSerializer):
    """A recipe, whole. Without units, the units of the items themselves."""

    made = ChoiceField(choices=MADE, required=False)
    yield_quantity = QuantityField(required=False)
    yield_unit = TextField(required=False, max_length=20)
    note = TextField(required=False, allow_blank=True, multiline=True, max_length=LONGEST_RECIPE_NOTE)
    lines = RecipeLineInput(many=True, min_length=1, max_length=MOST_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> RecipeDraft:
        """The frozen input of `save_recipe`."""
        values = dict(self.validated_data)
        lines = tuple(RecipeLineDraft(**line) for line in values.pop("lines"))
        return RecipeDraft(lines=lines, **values)


class RecipeLineOutput(serializers.Serializer[Any]):
    """An ingredient: `quantity` as it goes into the dish; `waste_percent` of what is taken is lost."""

    effect = serializers.ChoiceField(choices=LINE_EFFECTS, default=ADD)
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = QuantityField(allow_null=True, help_text="Null: all of it, or as much as was there.")
    unit = serializers.CharField()
    waste_percent = QuantityField(default=Decimal(0))
    replaces = IdField(allow_null=True)


class RecipeOutput(serializers.Serializer[Any]):
    """What a dish is made of, or what a modifier changes."""

    id = IdField()
    variant_id = IdField(allow_null=True)
    modifier_id = IdField(allow_null=True)
    name = serializers.CharField()
    sku = serializers.CharField(allow_null=True)
    made = serializers.ChoiceField(choices=MADE, default=TO_ORDER)
    yield_quantity = QuantityField()
    yield_unit = serializers.CharField()
    note = serializers.CharField()
    lines = RecipeLineOutput(many=True)
    revision = serializers.IntegerField()
    changed_at = TimestampField()
    changed_by = IdField(allow_null=True)


class RecipeVersionOutput(serializers.Serializer[Any]):
    """A recipe as it was from `at` on; without a document it was removed."""

    id = IdField()
    revision = serializers.IntegerField()
    document = RecipeOutput(allow_null=True)
    at = TimestampField()
    changed_by = IdField(allow_null=True)


class UnwrittenDishOutput(serializers.Serializer[Any]):
    """A variant that has no recipe and is in none."""

    id = IdField()
    item_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
