"""Value comes onto cards and goes off them, in one statement, and what happened is written beside it.

Of two tills that want the last of a card one gets it: the row is changed by the statement that looks whether there
is enough. A sale that had happened before anybody could ask is never refused; what was not there is overdrawn.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from fynlo.core.inserts import insert_rows
from fynlo.core.money import MAX_MINOR, spell_money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append
from payments.credit.documents import stored_value_document
from payments.credit.errors import GiftCardFull
from payments.credit.events import StoredValueChanged
from payments.credit.models import StoredValue, ValueActivity

GUARD: Final = """(NOT move.is_asked OR (
    account.state = 'active' AND (account.expires_on IS NULL OR account.expires_on >= %(day)s)
    AND account.balance_minor - account.reserved_minor >= -move.amount_minor - move.drawn_minor
))"""
# Locked in the order of the keys first: an UPDATE of several rows takes them as it finds them. What is left after
# it (`after`) is balance less overdrawn; the balance never falls below what stays reserved.
_MOVE: Final = """
WITH move AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(amounts)s::bigint[], %(drawn)s::bigint[], %(asked)s::boolean[])
        AS move (id, amount_minor, drawn_minor, is_asked)
), locked AS MATERIALIZED (
    SELECT id FROM payments_storedvalue WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE
)
UPDATE payments_storedvalue AS account SET
    reserved_minor = account.reserved_minor - move.drawn_minor,
    balance_minor = GREATEST(
        account.balance_minor - account.overdrawn_minor + move.amount_minor,
        account.reserved_minor - move.drawn_minor
    ),
    overdrawn_minor = GREATEST(
        account.reserved_minor - move.drawn_minor
            - (account.balance_minor - account.overdrawn_minor + move.amount_minor),
        0
    )
FROM move JOIN locked USING (id)
WHERE account.id = move.id AND {guard}
RETURNING account.id, account.balance_minor, account.reserved_minor, account.overdrawn_minor
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Where, when and by whom something happened to cards, and who approved it."""

    at: dt.datetime
    business_date: dt.date
    register_id: UUID | None = None
    employee_id: UUID | None = None
    employee_name: str = ""
    approver_id: UUID | None = None
    approver_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What an account gains (below 0: loses) by an activity. `cause_id` causes it once.

    `drawn` of it is taken from what was reserved. `is_asked`: it is done only if the card is good for it.
    """

    account_id: UUID
    kind: str
    amount_minor: int
    cause: str
    cause_id: UUID
    drawn_minor: int = 0
    is_asked: bool = False
    order_id: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _After:
    """An account's figures after a move."""

    id: UUID
    balance_minor: int
    reserved_minor: int
    overdrawn_minor: int


def move_values(*, moves: Sequence[Move], occasion: Occasion) -> list[ValueActivity]:
    """Carry out the moves in the caller's unit of work; what happened, without what was refused.

    Keeps the accounts' rows locked until COMMIT, taken in the order of their keys. Three statements, and two more
    for each further time that an account is moved. Raises IntegrityError (`payments_valueactivity_once`) for what
    has happened already, `GiftCardFull` for more than a number can say.
    """
    happened: list[ValueActivity] = []
    for wave in _waves(moves):
        after = _moved(wave, occasion)
        happened += [
            _activity(move, after[move.account_id], occasion) for move in wave if move.account_id in after
        ]
    insert_rows(happened)
    tell(happened)
    return happened


def tell(activities: Iterable[ValueActivity]) -> None:
    """Say what happened to the feed, each account as it is after all of it."""
    rows = list(activities)
    accounts: Mapping[UUID, StoredValue] = StoredValue.objects.in_bulk({row.account_id for row in rows})
    for row in rows:
        account = accounts[row.account_id]
        append(
            StoredValueChanged(
                entity_id=account.id,
                at=row.at,
                change=row.kind,
                amount_minor=row.amount_minor,
                account=stored_value_document(account),
            )
        )


def occasion_values(occasion: Occasion) -> dict[str, Any]:
    """The columns of an activity that tell of the occasion."""
    return {
        "register_id": occasion.register_id,
        "employee_id": occasion.employee_id,
        "employee_name": occasion.employee_name,
        "approver_id": occasion.approver_id,
        "approver_name": occasion.approver_name,
        "at": occasion.at,
        "business_date": occasion.business_date,
    }


def _waves(moves: Sequence[Move]) -> list[list[Move]]:
    """The moves in turns in which no account comes twice: one UPDATE changes a row once."""
    waves: list[list[Move]] = []
    count: dict[UUID, int] = {}
    for move in moves:
        turn = count.get(move.account_id, 0)
        count[move.account_id] = turn + 1
        if turn == len(waves):
            waves.append([])
        waves[turn].append(move)
    return waves


def _moved(moves: Sequence[Move], occasion: Occasion) -> dict[UUID, _After]:
    values: dict[str, Any] = {
        "ids": [move.account_id for move in moves],
        "amounts": [move.amount_minor for move in moves],
        "drawn": [move.drawn_minor for move in moves],
        "asked": [move.is_asked for move in moves],
        "day": occasion.business_date,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE.format(guard=GUARD), values)
        after = {row[0]: _After(*row) for row in cursor.fetchall()}
    for move in moves:
        if move.amount_minor > 0 and move.account_id in after:
            _check_full(after[move.account_id])
    return after


def _check_full(after: _After) -> None:
    """What is on a card is told in JSON, whose numbers end. Raises `GiftCardFull`; the caller's work is undone."""
    if after.balance_minor > MAX_MINOR:
        most = spell_money(MAX_MINOR, _currency())
        raise GiftCardFull(f"A card has {most} at most.", pointer="/amount/amount_minor")


def _activity(move: Move, after: _After, occasion: Occasion) -> ValueActivity:
    return ValueActivity(
        id=new_id(),
        account_id=move.account_id,
        kind=move.kind,
        amount_minor=move.amount_minor,
        balance_minor=after.balance_minor,
        reserved_minor=after.reserved_minor,
        overdrawn_minor=after.overdrawn_minor,
        currency=_currency(),
        cause=move.cause,
        cause_id=move.cause_id,
        order_id=move.order_id,
        reason=move.reason,
        **occasion_values(occasion),
    )


def _currency() -> str:
    currency: str = current_tenant().currency
    return currency
