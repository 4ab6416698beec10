"""Shapes of the books."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, MoneyField, TimestampField
from fynlo.core.money import Money
from payments.ledger.models import Transfer
from payments.ledger.queries import AccountBalance


class TransferOutput(serializers.Serializer[Any]):
    """A positive amount, from the credited to the debited account (codes of the chart)."""

    id = IdField()
    debit = serializers.CharField(source="debit.code")
    credit = serializers.CharField(source="credit.code")
    amount = serializers.SerializerMethodField()
    kind = serializers.CharField()
    order_id = IdField(allow_null=True)
    payment_id = IdField(allow_null=True)
    at = TimestampField()
    business_date = DateField()

    @extend_schema_field(MoneyField)
    def get_amount(self, transfer: Transfer) -> Money:
        """The amount, in the currency it was booked in."""
        return Money(transfer.amount_minor, transfer.currency)


class AccountBalanceOutput(serializers.Serializer[Any]):
    """An account's sums. `balance` is debits less credits."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    debit = MoneyField()
    credit = MoneyField()
    balance = MoneyField(allow_negative=True)


class TrialBalanceOutput(serializers.Serializer[Any]):
    """Every account; `total` adds their balances up and is zero."""

    accounts = AccountBalanceOutput(many=True)
    total = MoneyField(allow_negative=True)


def trial_balance_document(balances: Iterable[AccountBalance], *, currency: str) -> dict[str, Any]:
    """The trial balance as the API answers it."""
    rows = list(balances)
    return {
        "accounts": [
            {
                "code": row.code,
                "name": row.name,
                "kind": row.kind,
                "debit": Money(row.debit_minor, currency),
                "credit": Money(row.credit_minor, currency),
                "balance": Money(row.balance_minor, currency),
            }
            for row in rows
        ],
        "total": Money(sum(row.balance_minor for row in rows), currency),
    }
