"""Shapes of asking for money at a reader or a page."""

from typing import Any

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
    incremental = BooleanField(required=False, help_text="Whether more may be authorised later.")
    expires_at = TimestampField(required=False, help_text="Until when a link or a QR code can be paid.")

    def to_draft(self) -> AskDraft:
        """The frozen input of `ask_for_money`."""
        return AskDraft(**self.validated_data)
