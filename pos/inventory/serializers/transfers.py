"""Shapes of transfers, and of what arrives."""

from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import (
    ChoiceField,
    IdField,
    IntegerField,
    QuantityField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.inventory import states
from pos.inventory.models.transfers import DAMAGED, OUTCOMES, REASONS, RETURN, SHORT, WASTE
from pos.inventory.serializers.counts import CountedQuantityField, PersonOutput
from pos.inventory.transfer_drafts import (
    ArrivalDraft,
    MissingDraft,
    ReceiptDraft,
    TransferDraft,
    TransferLineDraft,
)

MAX_LINES: Final = 500


class TransferLineInput(StrictSerializer):
    """Goods to be sent, in `unit`; without one in the item's."""

    variant_id = IdField()
    quantity = QuantityField(positive=True)
    unit = TextField(required=False, allow_blank=True, max_length=20)
    lot_id = IdField(required=False, allow_null=True)


class TransferInput(StrictSerializer):
    """A transfer to be prepared."""

    id = IdField(required=False, help_text="Made by the client, so that the same one may be sent again.")
    from_location_id = IdField()
    to_location_id = IdField()
    note = TextField(required=False, allow_blank=True, max_length=200)
    lines = TransferLineInput(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> TransferDraft:
        """The frozen input of `draft_transfer`."""
        values = dict(self.validated_data)
        return TransferDraft(**{**values, "lines": _lines(values["lines"])})


class TransferLinesInput(StrictSerializer):
    """All lines of a draft; those that are not stated are gone."""

    lines = TransferLineInput(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> tuple[TransferLineDraft, ...]:
        """The frozen input of `change_transfer`."""
        return _lines(self.validated_data["lines"])


class MissingInput(StrictSerializer):
    """A part that did not arrive as it was sent: written off (`waste`), or sent back (`return`)."""

    quantity = QuantityField(positive=True)
    reason = ChoiceField(choices=(SHORT, DAMAGED))
    outcome = ChoiceField(choices=(WASTE, RETURN))
    note = TextField(required=False, allow_blank=True, max_length=200)


class ArrivalInput(StrictSerializer):
    """What became of a line, in the item's unit. What is not stated is still on its way."""

    line_id = IdField()
    received = CountedQuantityField(required=False)
    missing = MissingInput(many=True, required=False)


class TransferReceiptInput(StrictSerializer):
    """What arrived."""

    id = IdField(required=False, help_text="Made by the device, so that the same receipt may be sent again.")
    receipts_seen = IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        help_text="The `receipt_count` that was looked at; if somebody received meanwhile, 409 `already_done`.",
    )
    lines = ArrivalInput(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]

    def to_draft(self) -> ReceiptDraft:
        """The frozen input of `receive_transfer`."""
        values = dict(self.validated_data)
        lines = tuple(
            ArrivalDraft(
                **{**line, "missing": tuple(MissingDraft(**each) for each in line.get("missing", ()))}
            )
            for line in values.pop("lines")
        )
        return ReceiptDraft(**values, lines=lines)


class TransferLineOutput(serializers.Serializer[Any]):
    """Goods that travel: what was sent, and what became of it."""

    id = IdField()
    variant_id = IdField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    lot_id = IdField(allow_null=True)
    lot = serializers.CharField()
    quantity = serializers.CharField()
    entered_quantity = serializers.CharField()
    entered_unit = serializers.CharField()
    received = serializers.CharField()
    wasted = serializers.CharField()
    returned = serializers.CharField()
    in_transit = serializers.CharField()


class TransferArrivalOutput(serializers.Serializer[Any]):
    """What became of a part of a line."""

    id = IdField()
    receipt_id = IdField()
    line_id = IdField()
    quantity = serializers.CharField()
    reason = serializers.ChoiceField(choices=("", *REASONS), help_text="Empty: it arrived as it was sent.")
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    note = serializers.CharField()
    at = TimestampField()
    by = PersonOutput(allow_null=True)


class StockTransferOutput(serializers.Serializer[Any]):
    """A transfer."""

    id = IdField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=states.TRANSFER.states)
    from_location_id = IdField()
    to_location_id = IdField()
    note = serializers.CharField()
    receipt_count = serializers.IntegerField()
    created_at = TimestampField()
    created_by = PersonOutput(allow_null=True)
    sent_at = TimestampField(allow_null=True)
    sent_by = PersonOutput(allow_null=True)
    received_at = TimestampField(allow_null=True, help_text="When something of it arrived last.")
    received_by = PersonOutput(allow_null=True)
    ended_at = TimestampField(allow_null=True)
    ended_by = PersonOutput(allow_null=True)
    reason = serializers.CharField()
    lines = TransferLineOutput(many=True)
    arrivals = TransferArrivalOutput(many=True)


def _lines(stated: list[dict[str, Any]]) -> tuple[TransferLineDraft, ...]:
    return tuple(TransferLineDraft(**line) for line in stated)
