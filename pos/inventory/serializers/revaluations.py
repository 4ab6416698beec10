"""Shapes of revaluations."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, QuantityField, StrictSerializer, TextField, TimestampField
from pos.inventory.serializers.costs import CostField
from pos.inventory.services.revaluing import RevaluationDraft


class RevaluationInput(StrictSerializer):
    """A new cost per unit, or a difference in all. `id` is the caller's, so that nothing is revalued twice."""

    id = IdField()
    location_id = IdField()
    variant_id = IdField()
    unit_cost_minor = CostField(required=False)
    difference_minor = QuantityField(required=False)
    reason = TextField(max_length=200)

    def to_draft(self) -> RevaluationDraft:
        """The frozen input of `revalue`."""
        return RevaluationDraft(**self.validated_data)


class RevaluationOutput(serializers.Serializer[Any]):
    """What it was worth and is worth now, in minor units with decimals."""

    id = IdField()
    kind = serializers.CharField()
    location_id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    on_hand = serializers.CharField()
    value_before_minor = serializers.CharField()
    value_minor = serializers.CharField()
    unit_cost_minor = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    at = TimestampField()
    by = serializers.CharField()
