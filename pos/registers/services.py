"""Opening and closing drawers, and the cash that sales move.

Whoever changes a drawer locks the register's row first (a sale does it by taking its number), then the
session's: so a sale is either in the count of a closing drawer or in no drawer's
(`docs/algorithms/locking.md`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import NotFound
from fynlo.core.inserts import insert_rows
from fynlo.core.locks import lock_rows
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.ledger.accounts import CASH, CASH_OVER_SHORT
from payments.ledger.services import Posting, record_transfers
from pos.events import CashSessionClosed, CashSessionOpened
from pos.registers import queries, states
from pos.registers.counting import CountNegative, count_drawer
from pos.registers.errors import (
    OtherRegister,
    SessionAlreadyOpen,
    SessionIdConflict,
    WrongCurrency,
)
from pos.registers.models import CashMovement, CashSession, Register

_NEXT_ORDER = """
UPDATE pos_register SET last_order_number = last_order_number + 1 WHERE id = %s RETURNING last_order_number
"""
_NEXT_SESSION = """
UPDATE pos_register SET last_session_number = last_session_number + 1 WHERE id = %s
RETURNING last_session_number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTaken:
    """A cash payment, as the drawer sees it: what went in, and what came out again."""

    payment_id: UUID
    tendered_minor: int
    change_minor: int


def take_order_number(*, register_id: UUID) -> int:
    """The register's next order number, dense: a rollback gives it back. Locks the register until COMMIT."""
    return _next(_NEXT_ORDER, register_id)


def open_session(
    *, register_id: UUID, session_id: UUID, opening_float: Money, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Open the register's drawer with what is in it, and return the session's whole state.

    The same session again is answered with the session as it is. Raises `SessionAlreadyOpen` while another
    one is open, `SessionIdConflict` for an id used otherwise, `OtherRegister`, `NotFound`, `WrongCurrency`,
    `CountNegative`.
    """
    place = queries.register_place(register_id=register_id)
    if place is None:
        raise NotFound("There is no such register.")
    _check_own(actor, register_id)
    _check_money(opening_float, pointer="/opening_float")
    session = CashSession(
        id=session_id,
        register_id=register_id,
        business_date=place.business_date(at),
        opened_at=at,
        opened_by_id=actor.employee_id,
    )
    try:
        return run_transaction(partial(_open, session, opening_float))
    except IntegrityError as error:
        opened = _opened_before(session, opening_float)
        if opened is not None:
            return opened
        if constraint(error).startswith("pos_cashsession_one_open"):
            raise _already_open(register_id) from error
        raise


def close_session(*, session_id: UUID, counted: Money, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Close a drawer with what was counted in it, book what is over or short, and return its whole state.

    What should be there is the sum of the session's cash movements. Raises `NotFound`, `OtherRegister`,
    `WrongCurrency`, `CountNegative`, and `IllegalTransition` for a session that is closed already.
    """
    _check_money(counted, pointer="/counted")
    register_id = CashSession.objects.filter(pk=session_id).values_list("register_id", flat=True).first()
    if register_id is None:
        raise NotFound("There is no such session.")
    _check_own(actor, register_id)
    return run_transaction(partial(_close, session_id, register_id, counted, actor, at))


def record_sale_cash(
    *,
    cash: Sequence[CashTaken],
    order_id: UUID,
    register_id: UUID,
    session_id: UUID | None,
    currency: str,
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
) -> None:
    """Append what cash payments put into the drawer and took out as change, in one statement.

    Runs in the caller's unit of work, which holds the register's row.
    """
    moves = [
        (taken.payment_id, kind, amount)
        for taken in cash
        for kind, amount in (
            (CashMovement.SALE, taken.tendered_minor),
            (CashMovement.CHANGE, -taken.change_minor),
        )
        if amount
    ]
    rows = [
        CashMovement(
            register_id=register_id,
            session_id=session_id,
            kind=kind,
            amount_minor=amount,
            currency=currency,
            order_id=order_id,
            payment_id=payment_id,
            employee_id=employee_id,
            at=at,
            business_date=business_date,
        )
        for payment_id, kind, amount in moves
    ]
    insert_rows(rows)


def _open(session: CashSession, opening_float: Money) -> dict[str, Any]:
    with unit_of_work():
        session.number = _next(_NEXT_SESSION, session.register_id)
        insert_rows([session])
        if opening_float.minor:
            CashMovement.objects.create(
                register_id=session.register_id,
                session_id=session.id,
                kind=CashMovement.FLOAT,
                amount_minor=opening_float.minor,
                currency=opening_float.currency,
                employee_id=session.opened_by_id,
                at=session.opened_at,
                business_date=session.business_date,
            )
        state = _document(session, currency=opening_float.currency, float_minor=opening_float.minor)
        append(CashSessionOpened(entity_id=session.id, at=session.opened_at, state=state))
    return state


def _close(
    session_id: UUID, register_id: UUID, counted: Money, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    with unit_of_work():
        lock_rows(Register.objects.all(), [register_id])
        (session,) = lock_rows(CashSession.objects.select_related("register"), [session_id])
        session.state = states.SESSION.after(session.state, "close")
        sums = queries.movement_sums(session_id=session_id)
        count = count_drawer(movements=sums.values(), counted_minor=counted.minor)
        session.expected_minor, session.counted_minor = count.expected_minor, count.counted_minor
        session.variance_minor = count.variance_minor
        session.closed_at, session.closed_by_id = at, actor.employee_id
        session.save(force_update=True)
        _book_variance(session, count.variance_minor, currency=counted.currency, at=at)
        float_minor = sums.get(CashMovement.FLOAT, 0)
        state = _document(session, currency=counted.currency, float_minor=float_minor)
        append(CashSessionClosed(entity_id=session.id, at=at, state=state))
    return state


def _book_variance(session: CashSession, variance: int, *, currency: str, at: dt.datetime) -> None:
    """Make the books agree with the drawer: what is missing or too much moves between cash and over/short."""
    debit, credit = (CASH, CASH_OVER_SHORT) if variance > 0 else (CASH_OVER_SHORT, CASH)
    posting = Posting(debit=debit, credit=credit, amount_minor=abs(variance), kind="over_short")
    record_transfers(
        postings=[posting] if variance else [],
        currency=currency,
        order_id=None,
        at=at,
        business_date=session.business_date,
    )


def _opened_before(session: CashSession, opening_float: Money) -> dict[str, Any] | None:
    before = CashSession.objects.select_related("register").filter(pk=session.pk).first()
    if before is None:
        return None
    float_minor = queries.session_float(session_id=before.pk)
    if (before.register_id, float_minor) != (session.register_id, opening_float.minor):
        raise SessionIdConflict("A session with this id was opened otherwise before.", pointer="/id")
    return _document(before, currency=opening_float.currency, float_minor=float_minor)


def _already_open(register_id: UUID) -> SessionAlreadyOpen:
    open_id = queries.open_session_id(register_id=register_id)
    return SessionAlreadyOpen("Count and close the open session first.", session_id=open_id)


def _document(session: CashSession, *, currency: str, float_minor: int) -> dict[str, Any]:
    return queries.session_document(session, currency=currency, float_minor=float_minor)


def _check_own(actor: Actor, register_id: UUID) -> None:
    """A till has one drawer. Whoever acts without a till (the back office) may reach any."""
    if actor.register_id is not None and actor.register_id != register_id:
        raise OtherRegister("Open and close this drawer at its own till.")


def _check_money(money: Money, *, pointer: str) -> None:
    currency = current_tenant().currency
    if money.currency != currency:
        raise WrongCurrency(f"Amounts are in {currency} here.", pointer=f"{pointer}/currency")
    if money.minor < 0:
        raise CountNegative("A drawer cannot hold less than nothing.", pointer=f"{pointer}/amount_minor")


def _next(statement: str, register_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [register_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such register.")
    return int(row[0])
