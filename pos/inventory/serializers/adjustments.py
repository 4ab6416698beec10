"""Shapes of adjustments."""

from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    DateField,
    IdField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.inventory.serializers.costs import CostField
from pos.inventory.services.adjustments import REASONS, SHOP, SOURCES, AdjustmentDraft, AdjustmentLine

MOST_LINES: Final = 500


class AdjustmentLineInput(StrictSerializer):
    """`quantity` more (negative: less), or `set_to` what is there, in any unit of the item."""

    variant_id = IdField()
    quantity = QuantityField(required=False)
    set_to = QuantityField(required=False)
    unit = TextField(required=False, max_length=20)
    unit_cost_minor = CostField(required=False, allow_null=True)
    lot_id = IdField(required=False, allow_null=True)


class AdjustmentInput(StrictSerializer):
    """An adjustment. `id` is the caller's, so that nothing is adjusted twice."""

    id = IdField()
    location_id = IdField()
    source = ChoiceField(choices=SOURCES, required=False)  # type: ignore[assignment]  # a member of that name
    reason_code = ChoiceField(choices=REASONS)
    reason = TextField(required=False, allow_blank=True, max_length=180)
    lines = AdjustmentLineInput(many=True, min_length=1, max_length=MOST_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> AdjustmentDraft:
        """The frozen input of `adjust_stock`."""
        values = self.validated_data
        return AdjustmentDraft(
            id=values["id"],
            location_id=values["location_id"],
            source=values.get("source", SHOP),
            reason_code=values["reason_code"],
            reason=values.get("reason", ""),
            lines=tuple(AdjustmentLine(**line) for line in values["lines"]),
        )


class AdjustmentLineOutput(serializers.Serializer[Any]):
    """What moved, in the item's unit."""

    movement_id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    quantity = QuantityField()
    value_minor = serializers.CharField(
        help_text="Minor units as a decimal; corrected when costs are settled."
    )
    is_valued = BooleanField()
    lot_id = IdField(allow_null=True)


class AdjustmentOutput(serializers.Serializer[Any]):
    """An adjustment as it was recorded."""

    id = IdField()
    location_id = IdField()
    source = serializers.ChoiceField(choices=SOURCES)  # type: ignore[assignment]
    reason = serializers.CharField()
    at = TimestampField(allow_null=True, help_text="Null: nothing had to move.")
    business_date = DateField(allow_null=True)
    by = serializers.CharField()
    is_reverted = BooleanField()
    reverted_at = TimestampField(allow_null=True)
    reverted_by = serializers.CharField()
    lines = AdjustmentLineOutput(many=True)
