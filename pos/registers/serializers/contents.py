"""Shapes of what is in a drawer: coins and notes, and amounts of other currencies."""

from typing import Any, Final

from rest_framework import serializers

from fynlo.api.fields import IntegerField, MoneyField, StrictSerializer
from pos.registers.denominations import Pieces
from pos.registers.foreign import ForeignCount

MOST_IN_A_DRAWER: Final = 10**13
"""Minor units nobody counts by hand; sums of a thousand such drawers still travel through JSON."""
MOST_PIECES: Final = 10**6
MOST_KINDS: Final = 100
MOST_CURRENCIES: Final = 20


class PiecesInput(StrictSerializer):
    """So many coins or notes of one value."""

    value_minor = IntegerField(min_value=1, max_value=MOST_IN_A_DRAWER)
    count = IntegerField(min_value=0, max_value=MOST_PIECES)


class ForeignInput(StrictSerializer):
    """How much of another currency was counted, perhaps by its pieces, which then come to the amount."""

    amount: Any = MoneyField(max_minor=MOST_IN_A_DRAWER, any_currency=True)
    denominations = PiecesInput(many=True, required=False, max_length=MOST_KINDS)  # type: ignore[call-arg]

    def validate(self, attrs: Any) -> Any:
        """The pieces are of the currency and add up."""
        pieces = tuple(Pieces(**piece) for piece in attrs.get("denominations", ()))
        if (
            "denominations" in attrs
            and sum(each.value_minor * each.count for each in pieces) != attrs["amount"].minor
        ):
            detail = "The pieces come to another amount."
            raise serializers.ValidationError({"amount": [detail]}, code="count_differs")
        return {"count": ForeignCount(money=attrs["amount"], pieces=pieces)}


class OpeningForeignOutput(serializers.Serializer[Any]):
    """The float of another currency."""

    amount: Any = MoneyField(any_currency=True)
    denominations = PiecesInput(many=True)


class ForeignCountOutput(serializers.Serializer[Any]):
    """What there should be of another currency, and what was counted; null where nobody counted it."""

    currency = serializers.CharField()
    expected: Any = MoneyField(any_currency=True, allow_negative=True)
    expected_worth = MoneyField(allow_negative=True, help_text="What the books have of it, in own money.")
    counted: Any = MoneyField(any_currency=True, allow_null=True)
    variance: Any = MoneyField(any_currency=True, allow_negative=True, allow_null=True)
    variance_worth = MoneyField(allow_negative=True, help_text="What of over or short is booked for it.")
    rate = serializers.CharField(allow_null=True, help_text="What one of it stands at in own money.")
    denominations = PiecesInput(many=True)


class MovedForeignOutput(serializers.Serializer[Any]):
    """Notes of another currency that moved, and what they were worth."""

    amount: Any = MoneyField(any_currency=True, allow_negative=True)
    worth = MoneyField(allow_negative=True)
    rate = serializers.CharField(allow_null=True)
