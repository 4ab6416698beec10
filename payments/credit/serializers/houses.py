"""Shapes of house accounts."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import (
    BooleanField,
    DateField,
    IdField,
    MoneyField,
    StrictSerializer,
    TextField,
    TimestampField,
)
from fynlo.core.clock import rfc3339
from fynlo.core.tenancy import current_tenant
from payments.credit.documents import house_account_document
from payments.credit.services import HouseAccountDraft
from payments.credit.services.accounts import LONGEST_CODE, LONGEST_CONTACT, LONGEST_NAME
from payments.credit.statements import Statement


class HouseAccountTermsInput(StrictSerializer):
    """What a house account is called, and what it may owe."""

    name = TextField(max_length=LONGEST_NAME)
    contact = TextField(required=False, allow_blank=True, max_length=LONGEST_CONTACT)
    limit = MoneyField(
        required=False, allow_null=True, help_text="What may be owed; not limited unless given."
    )
    is_active = BooleanField(required=False, help_text="Whether more may go on it; true unless said.")

    def validate_limit(self, value: Any) -> Any:
        """In the merchant's currency."""
        currency = current_tenant().currency
        if value is not None and value.currency != currency:
            raise serializers.ValidationError(f"Amounts are in {currency} here.", code="wrong_currency")
        return value

    def draft(self, **keys: Any) -> HouseAccountDraft:
        """The frozen input of `save_house_account`."""
        values = dict(self.validated_data)
        limit = values.pop("limit", None)
        return HouseAccountDraft(limit_minor=None if limit is None else limit.minor, **{**values, **keys})


class HouseAccountInput(HouseAccountTermsInput):
    """A house account to be opened."""

    id = IdField(help_text="Made by whoever asks. The same account may be sent again.")
    code = TextField(max_length=LONGEST_CODE, help_text="Names an account of the books; it never changes.")

    def to_draft(self) -> HouseAccountDraft:
        """As `draft`, with everything in the body."""
        return self.draft()


class HouseAccountChangeInput(HouseAccountTermsInput):
    """A house account as it shall be."""

    def to_draft(self) -> "HouseAccountChangeInput":
        """Itself: which account it is stands in the address."""
        return self


class HouseAccountListSerializer(serializers.ListSerializer[Any]):
    """A page of house accounts."""

    def to_representation(self, data: Any) -> list[Any]:
        """Their documents, in the order of the page."""
        return [house_account_document(account) for account in data]


class HouseAccountOutput(serializers.Serializer[Any]):
    """A house account: its terms, and what it owes."""

    class Meta:
        list_serializer_class = HouseAccountListSerializer

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()
    contact = serializers.CharField(allow_null=True)
    is_active = serializers.BooleanField()
    limit = MoneyField(allow_null=True)
    balance = MoneyField(allow_negative=True, help_text="What is owed; below zero there is money to spend.")
    available = MoneyField(allow_null=True, help_text="What may still be charged; null without a limit.")
    opened_at = TimestampField()


class StatementLineOutput(serializers.Serializer[Any]):
    """An entry of a statement, with the balance after it."""

    id = IdField()
    kind = serializers.ChoiceField(choices=("charge", "payment", "refund"))
    at = TimestampField()
    business_date = DateField()
    order_id = IdField(allow_null=True)
    tender = serializers.CharField()
    reference = serializers.CharField(allow_null=True)
    amount = MoneyField(allow_negative=True)
    balance = MoneyField(allow_negative=True)


class StatementOutput(serializers.Serializer[Any]):
    """What an account was charged and what was paid, from a day to a day, both in it."""

    code = serializers.CharField()
    name = serializers.CharField()
    first = DateField()
    last = DateField()
    opening = MoneyField(allow_negative=True)
    charged = MoneyField(allow_negative=True)
    paid = MoneyField(allow_negative=True)
    closing = MoneyField(allow_negative=True)
    lines = StatementLineOutput(many=True)


def statement_document(statement: Statement) -> dict[str, Any]:
    """The statement as the API answers it."""

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": statement.currency}

    return {
        "code": statement.code,
        "name": statement.name,
        "first": statement.first.isoformat(),
        "last": statement.last.isoformat(),
        "opening": money(statement.opening_minor),
        "charged": money(statement.charged_minor),
        "paid": money(statement.paid_minor),
        "closing": money(statement.closing_minor),
        "lines": [
            {
                "id": str(line.entry.id),
                "kind": line.entry.kind,
                "at": rfc3339(line.entry.at),
                "business_date": line.entry.business_date.isoformat(),
                "order_id": None if line.entry.order_id is None else str(line.entry.order_id),
                "tender": line.entry.tender,
                "reference": line.entry.reference or None,
                "amount": money(line.entry.amount_minor),
                "balance": money(line.balance_minor),
            }
            for line in statement.lines
        ],
    }
