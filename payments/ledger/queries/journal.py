"""The journal for whoever takes it elsewhere: transfers in the order of days, read piece by piece."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db import connection

from payments.ledger.entries import Entry
from payments.ledger.queries.balances import Period

PIECE: Final = 2_000

# By key, never by offset: each piece starts behind the last row of the one before, and facts do not move.
_PIECE: Final = """
SELECT transfer.id, transfer.business_date, transfer.at, transfer.kind, debit.code, debit.number, debit.name,
    credit.code, credit.number, credit.name, transfer.debit_key, transfer.credit_key, transfer.amount_minor,
    transfer.currency, transfer.order_id
FROM payments_transfer AS transfer
JOIN payments_account AS debit ON debit.id = transfer.debit_id
JOIN payments_account AS credit ON credit.id = transfer.credit_id
WHERE transfer.debit_id <> transfer.credit_id
    AND (transfer.business_date, transfer.id) > (%(day)s::date, %(after)s::uuid)
    AND (%(until)s::date IS NULL OR transfer.business_date <= %(until)s::date)
ORDER BY transfer.business_date, transfer.id LIMIT %(limit)s
"""
_PIECE_AS_RECORDED: Final = _PIECE.replace(
    "(transfer.business_date, transfer.id) > (%(day)s::date, %(after)s::uuid)",
    "transfer.id > %(after)s::uuid AND transfer.business_date > %(day)s::date",
).replace("ORDER BY transfer.business_date, transfer.id", "ORDER BY transfer.id")
_BEFORE: Final = dt.date(1, 1, 1)


def entries(period: Period, *, as_recorded: bool = False, piece: int = PIECE) -> Iterator[Entry]:
    """The transfers of a period by (business day, id), in pieces of a bounded size; one statement per piece.

    `as_recorded`: in the order in which they were written down instead. Transfers within one account (a chart may
    book both sides there) move nothing and are left out.
    """
    day, after = _BEFORE, UUID(int=0)
    if period.since is not None:
        day = period.since - dt.timedelta(days=1)
        after = UUID(int=0) if as_recorded else UUID(int=2**128 - 1)
    while True:
        asked: dict[str, Any] = {"day": day, "after": after, "until": period.until, "limit": piece}
        with connection.cursor() as cursor:
            cursor.execute(_PIECE_AS_RECORDED if as_recorded else _PIECE, asked)
            rows = cursor.fetchall()
        for row in rows:
            yield _entry(row)
        if len(rows) < piece:
            return
        after = rows[-1][0]
        day = day if as_recorded else rows[-1][1]


def _entry(row: tuple[Any, ...]) -> Entry:
    key, day, at, kind, debit, debit_no, debit_name, credit, credit_no, credit_name, *rest = row
    return Entry(key, day, at, kind, debit_no or debit, debit_name, credit_no or credit, credit_name, *rest)
