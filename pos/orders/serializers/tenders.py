"""What a guest handed over, as a till tells it."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IdField, MoneyField, StrictSerializer, TextField
from payments.tenders.references import LAST4_DIGITS, LONGEST_REFERENCE, holds_card_number, is_last4


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


class OrderTenderInput(TenderDetailsInput):
    """What the guest handed over, before any change."""

    id = IdField(help_text="Made by the till; becomes the payment's id.")
    tender_type = TextField(max_length=20, help_text="Code of a way to pay, such as `cash`.")
    amount: Any = MoneyField(
        help_text="Above zero; 0 in cash where rounding leaves nothing of what is due. "
        "What cash is more than what is due goes back as change."
    )
