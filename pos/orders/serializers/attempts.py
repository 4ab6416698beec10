"""Shapes of asking for money at a reader or a page."""

from typing import Any
from urllib.parse import urlsplit

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    IdField,
    MoneyField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from pos.orders.services.asking import AskDraft

CHANNELS = ("present", "remote", "qr", "manual")


class AttemptInput(StrictSerializer):
    """Money to be asked for."""

    id = IdField(help_text="Made by the till; becomes the payment's id. The same attempt may be sent again.")
    tender_type = TextField(
        max_length=20, help_text="Code of a way to pay that has an account at a provider."
    )
    amount: Any = MoneyField(help_text="Above zero, at most what is due and not asked for elsewhere.")
    reader_id = IdField(required=False, help_text="Which reader; the register's own if it has one.")
    channel = ChoiceField(
        choices=CHANNELS,
        required=False,
        help_text="At a reader, on a page of the guest's own device, by a QR code, or told by people. The way to "
        "pay's own unless it is said.",
    )
    capture = ChoiceField(
        choices=("automatic", "manual"),
        required=False,
        help_text="`manual` only authorises it: a tab, or a deposit.",
    )
    tip_on_reader = BooleanField(required=False, help_text="Whether the reader asks for a tip.")
    tip_eligible: Any = MoneyField(
        required=False,
        help_text="What the reader counts percentages of a tip from: the amount, unless said. "
        "With `tip_on_reader`.",
    )
    incremental = BooleanField(required=False, help_text="Whether more may be authorised later.")
    expires_at = TimestampField(
        required=False,
        help_text="Until when a link or a QR code can be paid; a code at most 23 hours, which is what it has "
        "unless said.",
    )
    return_url = TextField(
        required=False,
        max_length=500,
        help_text="Where the guest's own device goes once it has paid: an address that begins with https.",
    )

    def validate_return_url(self, value: str) -> str:
        """Only a whole address of another page: nothing that a browser could take for something to run."""
        parts = urlsplit(value)
        is_plain = value.isascii() and value.isprintable() and not set(value) & set(' "<>\\^`{|}')
        if not is_plain or parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
            raise serializers.ValidationError("An address that begins with https:// is expected.")
        return value

    def to_draft(self) -> AskDraft:
        """The frozen input of `ask_for_money`."""
        return AskDraft(**self.validated_data)
