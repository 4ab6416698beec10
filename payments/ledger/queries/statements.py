"""One account over a period: what it stood at, every transfer, what it stands at."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.errors import RuleViolation
from payments.ledger.models import Account
from payments.ledger.queries.balances import Period
from payments.ledger.queries.chart import find_account

MOST_LINES: Final = 10_000

_OPENING: Final = """
SELECT COALESCE(sum(CASE WHEN debit_id = %(account)s THEN amount_minor ELSE 0 END), 0)
    - COALESCE(sum(CASE WHEN credit_id = %(account)s THEN amount_minor ELSE 0 END), 0)
FROM payments_transfer
WHERE (debit_id = %(account)s OR credit_id = %(account)s) AND business_date < %(since)s::date
"""
_LINES: Final = """
SELECT transfer.id, transfer.business_date, transfer.at, transfer.kind, transfer.order_id,
    CASE WHEN transfer.debit_id = %(account)s THEN transfer.amount_minor ELSE 0 END,
    CASE WHEN transfer.credit_id = %(account)s THEN transfer.amount_minor ELSE 0 END,
    CASE WHEN transfer.debit_id = %(account)s THEN credit.code ELSE debit.code END
FROM payments_transfer AS transfer
JOIN payments_account AS debit ON debit.id = transfer.debit_id
JOIN payments_account AS credit ON credit.id = transfer.credit_id
WHERE (transfer.debit_id = %(account)s OR transfer.credit_id = %(account)s)
    AND (%(since)s::date IS NULL OR transfer.business_date >= %(since)s::date)
    AND (%(until)s::date IS NULL OR transfer.business_date <= %(until)s::date)
ORDER BY transfer.business_date, transfer.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A transfer as one account sees it, with the account on the other side and the balance after it."""

    id: UUID
    business_date: dt.date
    at: dt.datetime
    kind: str
    order_id: UUID | None
    debit_minor: int
    credit_minor: int
    other: str
    balance_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An account over a period; balances are debits less credits."""

    account: Account
    opening_minor: int
    lines: tuple[StatementLine, ...]
    closing_minor: int


def account_statement(*, account_id: UUID, period: Period) -> Statement:
    """What an account stood at, its transfers, and what it stands at: three statements.

    Raises `NotFound`, and `RuleViolation` for a period of more than `MOST_LINES` transfers.
    """
    account = find_account(account_id=account_id)
    asked: dict[str, Any] = {
        "account": account_id,
        "since": period.since,
        "until": period.until,
        "limit": MOST_LINES + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPENING, asked)
        opening = int(cursor.fetchone()[0])
        cursor.execute(_LINES, asked)
        rows = cursor.fetchall()
    if len(rows) > MOST_LINES:
        raise RuleViolation(f"A statement has {MOST_LINES} transfers at most; ask for fewer days.")
    balance, lines = opening, []
    for key, day, at, kind, order_id, debit, credit, other in rows:
        balance += debit - credit
        lines.append(StatementLine(key, day, at, kind, order_id, debit, credit, other, balance))
    return Statement(account=account, opening_minor=opening, lines=tuple(lines), closing_minor=balance)
