"""A part of a balance is kept for one register, so that its sales by the card cannot fail while it is offline.

Locks: the reservation before the account, as whoever redeems takes them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import FieldProblem, InvalidInput, NotFound
from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.credit.documents import stored_value_document
from payments.credit.errors import GiftCardBalance, GiftCardIdConflict, GiftCardReserved, GiftCardState
from payments.credit.events import StoredValueChanged
from payments.credit.kinds import EXPIRED, OPEN, RELEASED
from payments.credit.models import StoredValue, ValueReservation
from payments.credit.queries import stored_value
from payments.credit.services.issuing import check_amount

LONGEST: Final = dt.timedelta(days=7)
MANAGE: Final = "gift_cards.manage"
_BATCH: Final = 100

_RESERVE: Final = """
UPDATE payments_storedvalue AS account SET reserved_minor = account.reserved_minor + %(amount)s
WHERE account.id = %(id)s AND account.state = 'active'
    AND (account.expires_on IS NULL OR account.expires_on >= %(day)s)
    AND account.balance_minor - account.reserved_minor >= %(amount)s
"""
# What is not kept any more covers what is overdrawn first.
_LET_GO: Final = """
UPDATE payments_storedvalue AS account SET
    reserved_minor = account.reserved_minor - %(amount)s,
    balance_minor = GREATEST(
        account.balance_minor - account.overdrawn_minor, account.reserved_minor - %(amount)s
    ),
    overdrawn_minor = GREATEST(
        account.reserved_minor - %(amount)s - (account.balance_minor - account.overdrawn_minor), 0
    )
WHERE account.id = %(id)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveDraft:
    """So much of a card for a register, for so long."""

    id: UUID
    account_id: UUID
    register_id: UUID
    amount_minor: int
    expires_at: dt.datetime


def reserve_value(
    *, draft: ReserveDraft, employee_id: UUID | None, day: dt.date, at: dt.datetime
) -> ValueReservation:
    """Keep it, guarded by the statement that does. The same draft again is the same reservation.

    Raises `InvalidInput`, `NotFound`, `GiftCardState`, `GiftCardBalance`, `GiftCardReserved` while the register has
    one of this card, `GiftCardIdConflict`.
    """
    _check(draft, at)
    with unit_of_work():
        known = ValueReservation.objects.filter(pk=draft.id).first()
        if known is not None:
            return _same(known, draft)
        account = stored_value(account_id=draft.account_id)
        row = ValueReservation(
            id=draft.id,
            account_id=account.pk,
            register_id=draft.register_id,
            amount_minor=draft.amount_minor,
            left_minor=draft.amount_minor,
            currency=current_tenant().currency,
            state=OPEN,
            made_at=at,
            expires_at=draft.expires_at,
            employee_id=employee_id,
        )
        try:
            row.save(force_insert=True)
        except IntegrityError as error:
            if constraint(error).startswith("payments_valuereserve_open"):
                detail = "This register has a part of the card already; release it first."
                raise GiftCardReserved(detail) from error
            raise
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"id": account.pk, "amount": draft.amount_minor, "day": day}
            cursor.execute(_RESERVE, values)
            if not cursor.rowcount:
                _refuse(stored_value(account_id=account.pk), draft, day)
        _tell(account.pk, "reserve", draft.amount_minor, at)
    return row


def release_value(*, reservation_id: UUID, actor: Actor, at: dt.datetime) -> ValueReservation:
    """Let go what is left of it; one that has ended stays as it ended.

    Raises `NotFound`, and `Forbidden` for another register's without the permission to manage gift cards.
    """
    with unit_of_work():
        row = ValueReservation.objects.select_for_update(no_key=True).filter(pk=reservation_id).first()
        if row is None:
            raise NotFound("There is no such reservation.")
        if row.register_id != actor.register_id:
            actor.require(MANAGE)
        if row.state == OPEN:
            _let_go(row, RELEASED, at)
    return row  # type: ignore[no-any-return]  # of this model


def expire_reservations(*, at: dt.datetime) -> int:
    """Let go all whose time is over; how many. Safe to run twice and beside sales."""
    done = 0
    while True:
        with unit_of_work():
            due = list(
                ValueReservation.objects.select_for_update(no_key=True, skip_locked=True)
                .filter(state=OPEN, expires_at__lte=at)
                .order_by("id")[:_BATCH]
            )
            for row in sorted(due, key=lambda each: each.account_id):
                _let_go(row, EXPIRED, at)
        done += len(due)
        if len(due) < _BATCH:
            return done


def _let_go(row: ValueReservation, state: str, at: dt.datetime) -> None:
    left = row.left_minor
    row.state, row.left_minor, row.ended_at = state, 0, at
    row.save(update_fields=["state", "left_minor", "ended_at"])
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, {"id": row.account_id, "amount": left})
    _tell(row.account_id, "release", -left, at)


def _tell(account_id: UUID, change: str, amount_minor: int, at: dt.datetime) -> None:
    document = stored_value_document(StoredValue.objects.get(pk=account_id))
    append(
        StoredValueChanged(
            entity_id=account_id, at=at, change=change, amount_minor=amount_minor, account=document
        )
    )


def _same(known: ValueReservation, draft: ReserveDraft) -> ValueReservation:
    kept = (known.account_id, known.register_id, known.amount_minor)
    if kept != (draft.account_id, draft.register_id, draft.amount_minor):
        raise GiftCardIdConflict("Ids are made once and never used again.", pointer="/id")
    return known


def _check(draft: ReserveDraft, at: dt.datetime) -> None:
    check_amount(draft.amount_minor)
    if not at < draft.expires_at <= at + LONGEST:
        detail = f"It ends within the next {LONGEST.days} days."
        problem = FieldProblem("/expires_at", "out_of_range", detail)
        raise InvalidInput(detail, errors=[problem])


def _refuse(account: StoredValue, draft: ReserveDraft, day: dt.date) -> None:
    is_over = account.expires_on is not None and account.expires_on < day
    if account.state != "active" or is_over:
        state = "expired" if is_over else account.state
        raise GiftCardState(f"The card •••• {account.shown} is {state}.", state=state)
    left = account.balance_minor - account.reserved_minor
    detail = f"{spell_money(left, account.currency)} is left on the card •••• {account.shown}."
    raise GiftCardBalance(detail, pointer="/amount", left_minor=left, asked_minor=draft.amount_minor)
