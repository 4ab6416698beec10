"""What a guest handed over, as a till tells it."""

from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import IdField, MoneyField, StrictSerializer, TextField
from payments.credit.codes import NoCode, presented
from payments.credit.pins import LONGEST_PIN
from payments.tenders.references import LAST4_DIGITS, LONGEST_REFERENCE, holds_card_number, is_last4

MAX_TYPED_CODE: Final = 80


class TenderDetailsInput(StrictSerializer):
    """What a reader or a slip said of a tender. Never a card's number."""

    last4 = TextField(
        required=False,
        max_length=LAST4_DIGITS,
        help_text="The card's last four digits, as its reader told them.",
    )
    reference = TextField(
        required=False,
        max_length=LONGEST_REFERENCE,
        help_text="The reader's, the voucher's or the slip's own number. Card numbers are refused.",
    )
    foreign: Any = MoneyField(
        required=False,
        any_currency=True,
        help_text="Notes of another currency that were handed over; `amount` is what they are worth.",
    )
    house_account_id = IdField(required=False, help_text="Whose account it goes on.")

    def validate_last4(self, value: str) -> str:
        """Exactly four digits."""
        if not is_last4(value):
            raise serializers.ValidationError("Exactly four digits are expected.", code="last4")
        return value

    def validate_reference(self, value: str) -> str:
        """Nothing that could be a card's number."""
        if holds_card_number(value):
            detail = "This looks like the number of a card, which must not be kept."
            raise serializers.ValidationError(detail, code="card_number")
        return value


class ValueTenderInput(TenderDetailsInput):
    """What of a tender says which gift card or store credit it is."""

    value_id = IdField(required=False, help_text="The gift card or the store credit, if its id is known.")
    value_code = TextField(
        required=False,
        max_length=MAX_TYPED_CODE,
        help_text="Its code, as it was read or typed; it is never kept.",
    )

    def validate(self, attrs: Any) -> Any:
        """The code becomes its keyed hash here and goes no further."""
        code = attrs.pop("value_code", None)
        if code is not None:
            try:
                attrs["value"] = presented(code)
            except NoCode as error:
                raise serializers.ValidationError({"value_code": [str(error)]}, code="value_code") from error
        return attrs


class OrderTenderInput(ValueTenderInput):
    """What the guest handed over, before any change."""

    pin = TextField(required=False, max_length=LONGEST_PIN, help_text="The card's PIN, if it has one.")

    id = IdField(help_text="Made by the till; becomes the payment's id.")
    tender_type = TextField(max_length=20, help_text="Code of a way to pay, such as `cash`.")
    amount: Any = MoneyField(
        help_text="Above zero; 0 in cash where rounding leaves nothing of what is due. "
        "What cash is more than what is due goes back as change."
    )
