"""Shapes of asking for money at a reader or a page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

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
from payments.credit.serializers.values import GiftCardOpenInput, open_draft
from pos.orders.services.asking import AskDraft
from pos.orders.services.asking_houses import HouseAskDraft
from pos.orders.services.asking_values import ValueAskDraft

CHANNELS = ("present", "remote", "qr", "manual")


class MoneyAskedInput(StrictSerializer):
    """What every question for money has."""

    id = IdField(help_text="Made by the till; becomes the payment's id. The same attempt may be sent again.")
    tender_type = TextField(
        max_length=20, help_text="Code of a way to pay that has an account at a provider."
    )
    amount: Any = MoneyField(help_text="Above zero.")
    reader_id = IdField(required=False, help_text="Which reader; the register's own if it has one.")
    channel = ChoiceField(
        choices=CHANNELS,
        required=False,
        help_text="At a reader, on a page of the guest's own device, by a QR code, or told by people. The way to "
        "pay's own unless it is said.",
    )
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


class AttemptInput(MoneyAskedInput):
    """Money of an order to be asked for."""

    amount: Any = MoneyField(help_text="Above zero, at most what is due and not asked for elsewhere.")
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

    def to_draft(self) -> AskDraft:
        """The frozen input of `ask_for_money`."""
        return AskDraft(**self.validated_data)


class HousePaymentAttemptInput(MoneyAskedInput):
    """Money to be asked for, that pays what somebody owes once it was taken."""

    def to_draft(self) -> Callable[[UUID], HouseAskDraft]:
        """The frozen input of `ask_for_house`, once the account is known."""
        return lambda account_id: HouseAskDraft(ask=AskDraft(**self.validated_data), account_id=account_id)


class GiftCardLoadAttemptInput(MoneyAskedInput):
    """Money to be asked for, that is put on a card once it was taken."""

    def to_draft(self) -> Callable[[UUID], ValueAskDraft]:
        """The frozen input of `ask_for_value`, once the card is known."""
        return lambda account_id: ValueAskDraft(ask=AskDraft(**self.validated_data), account_id=account_id)


class GiftCardAttemptInput(MoneyAskedInput):
    """Money to be asked for a card, which is sold once it was taken."""

    gift_card = GiftCardOpenInput()

    def to_draft(self) -> ValueAskDraft:
        """The frozen input of `ask_for_value`."""
        values = dict(self.validated_data)
        opened = open_draft(dict(values.pop("gift_card")))
        return ValueAskDraft(ask=AskDraft(**values), account_id=opened.id, opened=opened)
