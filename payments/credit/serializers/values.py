"""Shapes of gift cards and store credit."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    ChoiceField,
    DateField,
    IdField,
    IntegerField,
    MoneyField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from fynlo.core.clock import rfc3339
from payments.credit.codes import NoCode, Presented, presented
from payments.credit.kinds import (
    ACTIVITIES,
    BLOCK,
    CLEAR_BALANCE,
    DEACTIVATE,
    GIFT_CARD,
    RESERVATION_STATES,
    STATES,
    UNBLOCK,
    VALUE_KINDS,
)
from payments.credit.models import ValueImport
from payments.credit.models.values import LONGEST_HOLDER, LONGEST_REASON
from payments.credit.pins import LONGEST_PIN, is_pin
from payments.credit.services import (
    ImportReport,
    OpenDraft,
    ReserveDraft,
    StepDraft,
    TransferDraft,
)

LONGEST_TYPED: Final = 80
_STEPS: Final = [(kind, kind) for kind in (BLOCK, UNBLOCK, CLEAR_BALANCE, DEACTIVATE)]


def read_code(text: str) -> Presented:
    """The code as it is passed on. Raises `ValidationError`."""
    try:
        return presented(text)
    except NoCode as error:
        raise serializers.ValidationError(str(error), code="value_code") from error


class GiftCardOpenInput(StrictSerializer):
    """A gift card or a store credit to be opened."""

    id = IdField(help_text="Made by whoever asks.")
    kind = ChoiceField(
        choices=[(kind, kind) for kind in VALUE_KINDS], required=False, help_text="`gift_card` unless said."
    )
    code = TextField(
        required=False,
        max_length=LONGEST_TYPED,
        help_text="The code that is printed on it; Fynlo makes one unless given. It is never kept.",
    )
    pin = TextField(required=False, max_length=LONGEST_PIN, help_text="4 to 12 digits; none unless given.")
    holder = TextField(required=False, max_length=LONGEST_HOLDER)
    expires_on = DateField(required=False, help_text="Its last day; the merchant's rule says unless given.")

    def validate_code(self, value: str) -> Presented:
        """Its keyed hash, which is all that goes further."""
        return read_code(value)

    def validate_pin(self, value: str) -> str:
        """Digits."""
        if not is_pin(value):
            raise serializers.ValidationError("A PIN has 4 to 12 digits.", code="pin")
        return value


def open_draft(values: dict[str, Any]) -> OpenDraft:
    """The frozen draft of a validated `GiftCardOpenInput`."""
    return OpenDraft(**{"kind": GIFT_CARD, **values})


class GiftCardLookupInput(StrictSerializer):
    """A code that was read or typed."""

    code = TextField(max_length=LONGEST_TYPED)
    pin = TextField(required=False, max_length=LONGEST_PIN, help_text="Compared if given.")

    def validate_code(self, value: str) -> Presented:
        """Its keyed hash."""
        return read_code(value)

    def to_draft(self) -> tuple[Presented, str]:
        """The code and the PIN."""
        values = self.validated_data
        return values["code"], values.get("pin", "")


class GiftCardStepInput(StrictSerializer):
    """A step of a card's life, and why."""

    id = IdField(help_text="Made by whoever asks. The same step may be sent again.")
    kind = ChoiceField(choices=_STEPS)
    reason = TextField(max_length=LONGEST_REASON)

    def to_draft(self) -> Callable[[UUID], StepDraft]:
        """The frozen input of `take_step`, once the card is known."""
        values = dict(self.validated_data)
        return lambda account_id: StepDraft(account_id=account_id, **values)


class GiftCardTransferInput(StrictSerializer):
    """What goes from a card to another."""

    id = IdField(help_text="Made by whoever asks. The same transfer may be sent again.")
    from_id = IdField()
    to = GiftCardOpenInput(help_text="The card it goes onto; one that is not there is opened.")
    amount = MoneyField(required=False, help_text="All that can be spent unless said.")
    reason = TextField(max_length=LONGEST_REASON)

    def to_draft(self) -> tuple[TransferDraft, OpenDraft]:
        """The frozen input of `transfer_value`, and the card to be opened if it is not there."""
        values = dict(self.validated_data)
        amount = values.pop("amount", None)
        opened = open_draft(dict(values.pop("to")))
        minor = None if amount is None else amount.minor
        return TransferDraft(to_id=opened.id, amount_minor=minor, **values), opened


class GiftCardReservationInput(StrictSerializer):
    """So much of a card for this till."""

    id = IdField(help_text="Made by the till.")
    amount = MoneyField()
    expires_at = TimestampField(help_text="Within seven days.")
    pin = TextField(required=False, max_length=LONGEST_PIN, help_text="That of a card that has one.")

    def to_draft(self) -> Callable[[UUID, UUID], ReserveDraft]:
        """The frozen input of `reserve_value`, once card and register are known."""
        values = dict(self.validated_data)
        amount = values.pop("amount").minor
        values.pop("pin", None)  # compared before, where a try is counted

        def of(account_id: UUID, register_id: UUID) -> ReserveDraft:
            return ReserveDraft(account_id=account_id, register_id=register_id, amount_minor=amount, **values)

        return of


class GiftCardOutput(serializers.Serializer[Any]):
    """A gift card or a store credit. Its code is told nowhere but by `code`."""

    id = IdField()
    kind = serializers.ChoiceField(choices=VALUE_KINDS)
    state = serializers.ChoiceField(choices=STATES)
    last4 = serializers.CharField(help_text="The last four characters of its code.")
    has_pin = serializers.BooleanField()
    balance = MoneyField()
    reserved = MoneyField(help_text="What of the balance is kept for tills that may be offline.")
    available = MoneyField(help_text="What any till may spend of it.")
    overdrawn = MoneyField(help_text="What was spent beyond it by sales nobody could ask about.")
    holder = serializers.CharField(allow_null=True)
    expires_on = DateField(allow_null=True)
    created_at = TimestampField()


class GiftCardCodeOutput(serializers.Serializer[Any]):
    """The code of a card whose code Fynlo made."""

    id = IdField()
    code = serializers.CharField()
    printed = serializers.CharField(help_text="In groups of four.")


class GiftCardActivityOutput(serializers.Serializer[Any]):
    """Something that happened to a card, with the balance after it."""

    id = IdField()
    kind = serializers.ChoiceField(choices=ACTIVITIES)
    amount = MoneyField(allow_negative=True)
    balance = MoneyField()
    overdrawn = MoneyField()
    cause = serializers.CharField()
    cause_id = IdField()
    order_id = IdField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    employee = serializers.CharField(allow_null=True)
    approver = serializers.CharField(allow_null=True)
    at = TimestampField()
    business_date = DateField()


class GiftCardTransferOutput(serializers.Serializer[Any]):
    """Both cards after a transfer."""

    source = GiftCardOutput()  # type: ignore[assignment]  # a member, not where a field reads from
    target = GiftCardOutput()


class GiftCardReservationOutput(serializers.Serializer[Any]):
    """What is kept of a card for a register."""

    id = IdField()
    gift_card_id = IdField()
    register_id = IdField()
    amount = MoneyField()
    left = MoneyField()
    state = serializers.ChoiceField(choices=RESERVATION_STATES)
    made_at = TimestampField()
    expires_at = TimestampField()


class GiftCardImportOutput(serializers.Serializer[Any]):
    """Cards of an earlier system that were, or would be, taken over together."""

    id = IdField()
    name = serializers.CharField()
    rows_count = IntegerField()
    total = MoneyField()
    is_dry_run = BooleanField()
    is_reversed = BooleanField()
    kept_count = IntegerField(help_text="Of a reversal: cards that were used since, and stay.")


def import_document(report: ImportReport) -> dict[str, Any]:
    """The report as the API answers it."""
    return {
        "id": str(report.id),
        "name": report.name,
        "rows_count": report.rows_count,
        "total": {"amount_minor": report.total_minor, "currency": report.currency},
        "is_dry_run": report.is_dry_run,
        "is_reversed": report.is_reversed,
        "kept_count": report.kept_count,
    }


class GiftCardImportRowOutput(serializers.Serializer[Any]):
    """An import in a list."""

    id = IdField()
    name = serializers.CharField()
    rows_count = IntegerField()
    total = MoneyField()
    imported_at = TimestampField()
    reversed_at = TimestampField(allow_null=True)


def import_row_document(row: ValueImport) -> dict[str, Any]:
    """An import as lists show it."""

    def moment(at: dt.datetime | None) -> str | None:
        return None if at is None else rfc3339(at)

    return {
        "id": str(row.id),
        "name": row.name,
        "rows_count": row.rows_count,
        "total": {"amount_minor": row.total_minor, "currency": row.currency},
        "imported_at": moment(row.imported_at),
        "reversed_at": moment(row.reversed_at),
    }
