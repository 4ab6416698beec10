"""Gift cards and store credit pay: what is asked for is taken if it is there, what has happened is taken anyway.

A register that has a part of a card reserved takes from that first, which cannot fail. Then the balance nobody has
reserved. A question that goes beyond it is refused with the reason; of a fact the rest is overdrawn.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from payments.credit.codes import Presented
from payments.credit.errors import (
    GiftCardBalance,
    GiftCardBlocked,
    GiftCardExpired,
    GiftCardUnknown,
)
from payments.credit.kinds import ACTIVE, PENDING, REDEEM
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.queries import ValueTerms
from payments.credit.services.moving import Move, Occasion, move_values

# Reservations before accounts, both in the order of their keys: so does whoever makes and releases them.
_DRAW: Final = """
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(amounts)s::bigint[]) AS wanted (account_id, amount_minor)
), held AS MATERIALIZED (
    SELECT kept.id, kept.account_id, LEAST(kept.left_minor, wanted.amount_minor) AS taken_minor
    FROM payments_valuereservation AS kept JOIN wanted USING (account_id)
    WHERE kept.register_id = %(register)s AND kept.state = 'open'
    ORDER BY kept.id FOR NO KEY UPDATE OF kept
)
UPDATE payments_valuereservation AS kept SET left_minor = kept.left_minor - held.taken_minor
FROM held WHERE kept.id = held.id
RETURNING held.account_id, held.taken_minor
"""


_BEFORE: Final = bytes.fromhex("018000000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a payment takes from a card. `place` is where it stands among the tenders."""

    place: int
    value: ValueTerms
    amount_minor: int
    payment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """Something odd about a fact: a stable code, the tender's place, and what is told of it."""

    code: str
    place: int
    data: Mapping[str, Any]


def account_id_of(code: Presented) -> UUID:
    """The key of an account that nobody opened, of which a till took something: the same for the same code.

    It has the shape of a UUIDv7 of a day before there was Fynlo.
    """
    secret = bytes.fromhex(code.digest)
    version, variant = 0x70 | (secret[0] & 0x0F), 0x80 | (secret[1] & 0x3F)
    return UUID(bytes=_BEFORE + bytes([version, secret[2], variant]) + secret[3:10])


def redeem(*, claims: Sequence[Claim], occasion: Occasion, is_fact: bool, order_id: UUID | None) -> list[Odd]:
    """Take what payments claim, in the caller's unit of work; what is odd about a fact.

    Four statements. Raises `GiftCardUnknown`, `GiftCardBlocked`, `GiftCardExpired` and `GiftCardBalance` for what
    is asked for now.
    """
    _open_unknown([claim.value for claim in claims if claim.value.is_new], occasion)
    drawn = _drawn(claims, occasion.register_id)
    moves = [
        Move(
            account_id=claim.value.id,
            kind=REDEEM,
            amount_minor=-claim.amount_minor,
            drawn_minor=from_reserved,
            is_asked=not is_fact,
            cause="payment",
            cause_id=claim.payment_id,
            order_id=order_id,
        )
        for claim, from_reserved in zip(claims, drawn, strict=True)
    ]
    happened = {row.cause_id: row for row in move_values(moves=moves, occasion=occasion)}
    accounts = StoredValue.objects.in_bulk({claim.value.id for claim in claims})
    if is_fact:
        return [
            odd
            for claim, move in zip(claims, moves, strict=True)
            for odd in _odd(claim, move, accounts[claim.value.id], happened[claim.payment_id], occasion)
        ]
    for claim, move in zip(claims, moves, strict=True):
        if claim.payment_id not in happened:
            _refuse(claim, move, accounts[claim.value.id], occasion.business_date)
    return []


def _open_unknown(values: Iterable[ValueTerms], occasion: Occasion) -> None:
    """Cards nobody knows that a till has taken something from; they wait for somebody to look."""
    rows = [
        StoredValue(
            id=value.id,
            kind=value.kind,
            code_digest=value.digest,
            shown=value.shown,
            is_own_code=False,
            state=PENDING,
            currency=current_tenant().currency,
            created_at=occasion.at,
        )
        for value in values
    ]
    StoredValue.objects.bulk_create(rows, ignore_conflicts=True)


def _drawn(claims: Sequence[Claim], register_id: UUID | None) -> list[int]:
    """What of each claim comes from what the register has reserved."""
    wanted: dict[UUID, int] = {}
    for claim in claims:
        wanted[claim.value.id] = wanted.get(claim.value.id, 0) + claim.amount_minor
    left: dict[UUID, int] = {}
    if register_id is not None and wanted:
        values: dict[str, Any] = {
            "ids": list(wanted),
            "amounts": list(wanted.values()),
            "register": register_id,
        }
        with connection.cursor() as cursor:
            cursor.execute(_DRAW, values)
            left = dict(cursor.fetchall())
    drawn = []
    for claim in claims:
        taken = min(left.get(claim.value.id, 0), claim.amount_minor)
        left[claim.value.id] = left.get(claim.value.id, 0) - taken
        drawn.append(taken)
    return drawn


def _refuse(claim: Claim, move: Move, account: StoredValue, day: dt.date) -> None:
    pointer = f"/tenders/{claim.place}"
    if account.state == PENDING:
        raise GiftCardUnknown("This card was never activated.", pointer=pointer)
    if account.state != ACTIVE:
        raise GiftCardBlocked(f"The card •••• {account.shown} is {account.state}.", pointer=pointer)
    if account.expires_on is not None and account.expires_on < day:
        detail = f"The last day of the card •••• {account.shown} was {account.expires_on.isoformat()}."
        raise GiftCardExpired(detail, pointer=pointer, expires_on=account.expires_on.isoformat())
    left = account.balance_minor - account.reserved_minor + move.drawn_minor
    detail = f"{spell_money(left, account.currency)} is left on the card •••• {account.shown}."
    raise GiftCardBalance(
        detail, pointer=f"{pointer}/amount", left_minor=left, asked_minor=claim.amount_minor
    )


def _odd(
    claim: Claim, move: Move, account: StoredValue, row: ValueActivity, occasion: Occasion
) -> Iterable[Odd]:
    told = {"stored_value_id": str(account.id), "last4": account.shown}
    if account.state == PENDING:
        yield Odd(code="gift_card_unknown", place=claim.place, data=told)
    elif account.state != ACTIVE:
        yield Odd(code="gift_card_blocked", place=claim.place, data=told)
    if account.expires_on is not None and account.expires_on < occasion.business_date:
        yield Odd(code="gift_card_expired", place=claim.place, data=told)
    short = min(row.overdrawn_minor, claim.amount_minor)
    if short:
        yield Odd(
            code="gift_card_short",
            place=claim.place,
            data={**told, "overdrawn_minor": short, "covered_minor": claim.amount_minor - short},
        )
    if account.pin_hash and move.drawn_minor < claim.amount_minor:  # what is reserved was asked for with it
        yield Odd(code="gift_card_pin_unchecked", place=claim.place, data=told)
