"""Reservations, as they are asked for and told."""

import datetime as dt
from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import ChoiceField, IdField, QuantityField, StrictSerializer, TextField, TimestampField
from pos.inventory.models.reservations import LONGEST_NOTE, RESERVATION_KINDS
from pos.inventory.queries.reservations import reservation_document
from pos.inventory.services.reservations import ReservationDraft, ReservedLine
from pos.inventory.states import RESERVATION
from pos.pricing.limits import MAX_LINES

_KINDS: Final = [(kind, kind) for kind in RESERVATION_KINDS]
_STATES: Final = [(state, state) for state in RESERVATION.states]


class ReservationLineInput(StrictSerializer):
    """So much of a variant, in the item's unit."""

    variant_id = IdField()
    quantity = QuantityField(positive=True)


class ReservationInput(StrictSerializer):
    """Goods to be kept for somebody."""

    id = IdField(help_text="Made by whoever asks. The same reservation may be sent again.")
    kind = ChoiceField(choices=_KINDS)
    location_id = IdField()
    expires_at = TimestampField(help_text="Until when; at most a year ahead.")
    note = TextField(required=False, allow_blank=True, max_length=LONGEST_NOTE, help_text="For whom.")
    lines = ReservationLineInput(many=True, max_length=MAX_LINES, allow_empty=False)  # type: ignore[call-arg]

    def to_draft(self) -> ReservationDraft:
        """The frozen input of `reserve`."""
        values = dict(self.validated_data)
        lines = tuple(ReservedLine(**line) for line in values.pop("lines"))
        return ReservationDraft(lines=lines, **values)


class ReservationExtensionInput(StrictSerializer):
    """Until when goods are kept instead."""

    expires_at = TimestampField()

    def to_draft(self) -> dt.datetime:
        """The time."""
        expires_at: dt.datetime = self.validated_data["expires_at"]
        return expires_at


class ReservationPersonOutput(serializers.Serializer[Any]):
    """Somebody, or something that acts by itself."""

    id = IdField(allow_null=True)
    name = serializers.CharField()


class ReservedGoodsOutput(serializers.Serializer[Any]):
    """So much of a variant."""

    variant_id = IdField()
    quantity = serializers.CharField()


class ReservationOutput(serializers.Serializer[Any]):
    """Goods kept for somebody: `lines` were asked for, `held` is what is kept now."""

    id = IdField()
    kind = serializers.ChoiceField(choices=_KINDS)
    location_id = IdField()
    state = serializers.ChoiceField(choices=_STATES)
    note = serializers.CharField(allow_null=True)
    made_at = TimestampField()
    made_by = ReservationPersonOutput(allow_null=True)
    expires_at = TimestampField()
    order_id = IdField(allow_null=True)
    ended_at = TimestampField(allow_null=True)
    ended_by = ReservationPersonOutput(allow_null=True)
    lines = ReservedGoodsOutput(many=True)
    held = ReservedGoodsOutput(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The document, which the feed tells as well."""
        return reservation_document(instance, list(instance.lines.all()))
