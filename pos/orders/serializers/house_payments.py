"""Shapes of payments of what somebody owes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, MoneyField, TextField, TimestampField
from pos.orders.serializers.tenders import TenderDetailsInput
from pos.orders.services.house_payment_writing import HousePaymentDraft


class HousePaymentInput(TenderDetailsInput):
    """What somebody pays."""

    house_account_id = None  # type: ignore[assignment]  # it stands in the address
    id = IdField(help_text="Made by the till. The same payment may be sent again.")
    tender_type = TextField(max_length=20, help_text="Code of a way to pay, such as `cash`.")
    amount: Any = MoneyField(help_text="Above zero; what is more than is owed can be spent later.")
    at = TimestampField(required=False, help_text="When it was paid, if that was not just now.")

    def to_draft(self) -> Callable[[UUID], HousePaymentDraft]:
        """The frozen input of `pay_house_account`, once the account is known."""
        values = dict(self.validated_data)

        def of(account_id: UUID) -> HousePaymentDraft:
            return HousePaymentDraft(account_id=account_id, **values)

        return of


class PaidAccountOutput(serializers.Serializer[Any]):
    """Whose account it was paid to."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()


class HousePaymentOutput(serializers.Serializer[Any]):
    """A payment of what was owed."""

    id = IdField()
    house_account = PaidAccountOutput()
    tender_type = serializers.CharField()
    name = serializers.CharField()
    amount = MoneyField()
    last4 = serializers.CharField(allow_null=True)
    reference = serializers.CharField(allow_null=True)
    at = TimestampField()
    business_date = DateField()
