"""Gift cards on paper: what is asked for, and what they say."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, MoneyField, StrictSerializer, TextField, TimestampField
from payments.credit.kinds import VALUE_KINDS
from payments.credit.serializers.values import LONGEST_TYPED, read_code


class VoucherInput(StrictSerializer):
    """The code that is printed on the card, where Fynlo did not make it."""

    code = TextField(required=False, max_length=LONGEST_TYPED)

    def validate_code(self, value: str) -> str:
        """As it was read or typed, if it can be a code."""
        read_code(value)
        return value

    def to_draft(self) -> str:
        """The code; empty: Fynlo's own."""
        return str(self.validated_data.get("code", ""))


class VoucherOutput(serializers.Serializer[Any]):
    """A gift card or a store credit on paper, with its code: a secret that is told once."""

    kind = serializers.ChoiceField(choices=VALUE_KINDS)
    language = serializers.CharField()
    currency = serializers.CharField()
    merchant = serializers.CharField()
    location = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField())
    number = serializers.CharField(help_text="The last four characters of its code, after a star.")
    amount = MoneyField(allow_negative=True)
    code = serializers.CharField(help_text="What the QR code on it says.")
    printed = serializers.CharField(help_text="In groups of four.")
    has_pin = serializers.BooleanField()
    expires_on = DateField(allow_null=True)
    at = TimestampField()
    has_logo = serializers.BooleanField()
