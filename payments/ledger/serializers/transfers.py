"""Shapes of transfers, balances and statements."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, MoneyField, TimestampField
from fynlo.core.money import Money
from payments.ledger.models import Transfer
from payments.ledger.queries import AccountBalance, Statement


class TransferOutput(serializers.Serializer[Any]):
    """A positive amount, from the credited to the debited account (codes of the chart).

    The keys say what was booked, whatever the chart says now; empty on transfers from before there were any.
    """

    id = IdField()
    debit = serializers.CharField(source="debit.code")
    credit = serializers.CharField(source="credit.code")
    debit_key = serializers.CharField()
    credit_key = serializers.CharField()
    amount = serializers.SerializerMethodField()
    kind = serializers.CharField()
    order_id = IdField(allow_null=True)
    payment_id = IdField(allow_null=True)
    register_id = IdField(allow_null=True)
    at = TimestampField()
    business_date = DateField()

    @extend_schema_field(MoneyField)
    def get_amount(self, transfer: Transfer) -> Money:
        """The amount, in the currency it was booked in."""
        return Money(transfer.amount_minor, transfer.currency)


class AccountBalanceOutput(serializers.Serializer[Any]):
    """An account's sums. `balance` is debits less credits."""

    code = serializers.CharField()
    number = serializers.CharField()
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
                "number": row.number,
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


class AccountStatementLineOutput(serializers.Serializer[Any]):
    """A transfer as one account sees it; `balance` is the account's after it."""

    id = IdField()
    business_date = DateField()
    at = TimestampField()
    kind = serializers.CharField()
    order_id = IdField(allow_null=True)
    other_account = serializers.CharField()
    debit = MoneyField()
    credit = MoneyField()
    balance = MoneyField(allow_negative=True)


class AccountStatementOutput(serializers.Serializer[Any]):
    """An account over a period; balances are debits less credits."""

    code = serializers.CharField()
    number = serializers.CharField()
    name = serializers.CharField()
    opening = MoneyField(allow_negative=True)
    lines = AccountStatementLineOutput(many=True)
    closing = MoneyField(allow_negative=True)


def statement_document(statement: Statement, *, currency: str) -> dict[str, Any]:
    """A statement as the API answers it."""
    values = {
        "code": statement.account.code,
        "number": statement.account.number,
        "name": statement.account.name,
        "opening": Money(statement.opening_minor, currency),
        "closing": Money(statement.closing_minor, currency),
        "lines": [
            {
                "id": line.id,
                "business_date": line.business_date,
                "at": line.at,
                "kind": line.kind,
                "order_id": line.order_id,
                "other_account": line.other,
                "debit": Money(line.debit_minor, currency),
                "credit": Money(line.credit_minor, currency),
                "balance": Money(line.balance_minor, currency),
            }
            for line in statement.lines
        ],
    }
    return dict(AccountStatementOutput(values).data)
