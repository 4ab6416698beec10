"""Shapes of stops."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, StrictSerializer, TextField, TimestampField
from pos.catalog.services.stops import StopDraft


class StopInput(StrictSerializer):
    """An item or one variant of it; without a location everywhere, without a time until it is lifted."""

    item_id = IdField(required=False, allow_null=True)
    variant_id = IdField(required=False, allow_null=True)
    location_id = IdField(required=False, allow_null=True)
    until = TimestampField(required=False, allow_null=True)
    reason = TextField(required=False, allow_blank=True, max_length=120)

    def to_draft(self) -> StopDraft:
        """The frozen input of `stop`."""
        return StopDraft(**self.validated_data)


class StopOutput(serializers.Serializer[Any]):
    """Something that is not to be had."""

    id = IdField()
    item_id = IdField(allow_null=True)
    variant_id = IdField(allow_null=True)
    location_id = IdField(allow_null=True, help_text="Null: everywhere.")
    reason = serializers.CharField()
    until = TimestampField(allow_null=True, help_text="Null: until it is lifted.")
    at = TimestampField()
    stopped_by = IdField(allow_null=True)
