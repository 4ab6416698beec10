"""The numbers of a register: dense, per kind, taken together in one round trip that locks its row until COMMIT."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from fynlo.core.errors import NotFound
from fynlo.core.inserts import Statement
from pos.registers.traded import Sums

_RAISE: Final = "UPDATE pos_register SET journal_head = %s WHERE id = %s"
_RAISE_SUMS: Final = (
    "UPDATE pos_register SET journal_head = %s, traded = added_sums(traded, %s::jsonb) WHERE id = %s"
)
_SUMS: Final = "UPDATE pos_register SET traded = added_sums(traded, %s::jsonb) WHERE id = %s"
_TAKE: Final = "SELECT * FROM take_numbers(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a register's counters are after taking. A counter of which nothing was taken stands as it was.

    `journal_head` is the hash of the last entry before those that were taken for, "" before the first;
    `journal_position` is the last position taken. `drawer_id` is where the cash goes, `session_id` the session of
    that drawer that is not closed, if there is one.
    """

    order_number: int
    receipt_number: int
    training_number: int
    closing_number: int
    journal_position: int
    journal_head: str
    grand_total_minor: int
    refund_total_minor: int
    drawer_id: UUID | None
    session_id: UUID | None
    session_opened_at: dt.datetime | None


def take_numbers(
    *,
    register_id: UUID,
    orders: int = 0,
    receipts: int = 0,
    trainings: int = 0,
    closings: int = 0,
    entries: int = 0,
    sold_minor: int = 0,
    refunded_minor: int = 0,
    drawer_id: UUID | None = None,
) -> Numbers:
    """Take so many numbers of each kind; `entries` are positions of the journal. Locks the register until COMMIT.

    A rollback gives everything back. `sold_minor` raises the perpetual grand total (the total of a receipt),
    `refunded_minor` (above zero) that of refunds. The same call with nothing asked for just locks and looks.
    `drawer_id` names another drawer than the register's own. Whoever takes entries writes them and the new head
    before COMMIT. Raises `NotFound`.
    """
    taken: list[Any] = [
        register_id,
        orders,
        receipts,
        trainings,
        closings,
        entries,
        sold_minor,
        refunded_minor,
        drawer_id,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, taken)
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such register.")
    names = Numbers.__dataclass_fields__
    return Numbers(**dict(zip(names, row, strict=True)))


def raised_head(*, register_id: UUID, head: str, sums: Sums | None = None) -> Statement:
    """What makes `head` the hash that the next entry follows, for `insert_rows` with that entry's row.

    `sums` are what a receipt adds to the running sums. The caller holds the register's row (`take_numbers`).
    """
    if sums is None:
        return _RAISE, [head, register_id]
    return _RAISE_SUMS, [head, orjson.dumps(sums).decode(), register_id]


def raise_sums(*, register_id: UUID, sums: Sums) -> None:
    """Add to the register's running sums. The caller holds its row."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [orjson.dumps(sums).decode(), register_id])
