"""Reading the books."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from payments.ledger.models import Account, Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """What an account was debited and credited in all, in minor units of the merchant's currency."""

    code: str
    number: str
    name: str
    kind: str
    debit_minor: int
    credit_minor: int

    @property
    def balance_minor(self) -> int:
        """Debits less credits."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Business days from `since` to `until`, both counted; None: from the beginning, until whenever."""

    since: dt.date | None = None
    until: dt.date | None = None


EVER: Final = Period()

_TRIAL_BALANCE: Final = """
SELECT account.code, account.number, account.name, account.kind, COALESCE(moved.debited, 0),
    COALESCE(moved.credited, 0)
FROM payments_account AS account
LEFT JOIN (
    SELECT account_id, sum(debit) AS debited, sum(credit) AS credited
    FROM (
        SELECT debit_id AS account_id, amount_minor AS debit, 0 AS credit, business_date FROM payments_transfer
        UNION ALL
        SELECT credit_id, 0, amount_minor, business_date FROM payments_transfer
    ) AS side
    WHERE (%(since)s::date IS NULL OR business_date >= %(since)s::date)
        AND (%(until)s::date IS NULL OR business_date <= %(until)s::date)
    GROUP BY account_id
) AS moved ON moved.account_id = account.id
ORDER BY account.code
"""


def trial_balance(period: Period = EVER) -> list[AccountBalance]:
    """Every account with its sums in a period, ordered by code, in one statement. The balances add up to zero.

    One statement sees one moment, so a sale that commits meanwhile is in it with both sides or not at all.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRIAL_BALANCE, {"since": period.since, "until": period.until})
        return [
            AccountBalance(
                code=code,
                number=number,
                name=name,
                kind=kind,
                debit_minor=int(debited),
                credit_minor=int(credited),
            )
            for code, number, name, kind, debited, credited in cursor.fetchall()
        ]


def accounts_with_balance() -> QuerySet[Account, Account]:
    """Accounts with `debited`, `credited` and `balance` (debits less credits), for lists."""
    sums = {"debited": _sum_of("debit"), "credited": _sum_of("credit")}
    return Account.objects.annotate(**sums).annotate(balance=F("debited") - F("credited"))


def transfers(
    *, order_id: UUID | None = None, business_date: dt.date | None = None
) -> QuerySet[Transfer, Transfer]:
    """Transfers with the codes of their accounts, for lists; of an order or of a day if said."""
    rows = Transfer.objects.select_related("debit", "credit").order_by("id")
    if order_id is not None:
        rows = rows.filter(order_id=order_id)
    if business_date is not None:
        rows = rows.filter(business_date=business_date)
    return rows


def _sum_of(side: str) -> Coalesce:
    sums = (
        Transfer.objects.filter(**{f"{side}_id": OuterRef("pk")})
        .order_by()
        .values(side)
        .annotate(total=Sum("amount_minor"))
        .values("total")
    )
    return Coalesce(Subquery(sums, output_field=BigIntegerField()), Value(0))
