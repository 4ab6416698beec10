"""Shapes of quick keys."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, IntegerField, StrictSerializer, TextField
from pos.registers.quick_keys import MOST_KEYS, QuickKeyDraft


class QuickKeyInput(StrictSerializer):
    """A button: an item, a variant or a category."""

    page = IntegerField(min_value=0, required=False)
    position = IntegerField(min_value=0)
    item_id = IdField(required=False, allow_null=True)
    variant_id = IdField(required=False, allow_null=True)
    category_id = IdField(required=False, allow_null=True)
    label = TextField(  # type: ignore[assignment]  # a member, not the label of a form
        required=False, allow_blank=True, help_text="Empty: called like its target."
    )
    color = TextField(required=False, allow_blank=True, help_text="`#1a2b3c`, or empty.")


class QuickKeysInput(StrictSerializer):
    """All keys of a register; those that are not stated are gone."""

    keys = QuickKeyInput(many=True, max_length=MOST_KEYS)  # type: ignore[call-arg]

    def to_draft(self) -> tuple[QuickKeyDraft, ...]:
        """The frozen input of `set_quick_keys`."""
        return tuple(QuickKeyDraft(**{"page": 0, **key}) for key in self.validated_data["keys"])


class QuickKeyOutput(serializers.Serializer[Any]):
    """A button."""

    page = serializers.IntegerField()
    position = serializers.IntegerField()
    item_id = IdField(allow_null=True)
    variant_id = IdField(allow_null=True)
    category_id = IdField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]  # likewise
    color = serializers.CharField()


class QuickKeysOutput(serializers.Serializer[Any]):
    """The buttons of a register, and those on every till."""

    register_id = IdField(allow_null=True)
    keys = QuickKeyOutput(many=True)
    shared = QuickKeyOutput(many=True, required=False)
