"""Counting a drawer: blind, by pieces or as one sum, again with a reason.

Until a count is committed nothing that is answered says what should be in the drawer, or anything it could be
worked out from (`docs/concepts/registers.md`). A committed count stays: whoever counts again adds another one and
says why.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.database import run_transaction
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import CashSessionChanged
from pos.registers import queries, states
from pos.registers.counting import count_drawer
from pos.registers.denominations import Pieces
from pos.registers.errors import CountCommitted, CountMissing
from pos.registers.foreign import ForeignCount, Held, count_foreign
from pos.registers.models import CashSession
from pos.registers.queries import MovedOfKind
from pos.registers.services.foreign_notes import check_foreign, declared, declared_notes, foreign_rates
from pos.registers.services.holding import check_money, hold_session, person


def begin_closing(*, session_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Say that a drawer is being counted. Sales go on; what they move is added to whatever is counted.

    Raises `NotFound`, `OtherRegister`, `IllegalTransition`.
    """

    def write() -> dict[str, Any]:
        with unit_of_work():
            session, _ = hold_session(session_id=session_id, actor=actor)
            session.state = states.SESSION.after(session.state, "begin_closing")
            session.closing_began_at = at
            session.save(force_update=True)
            return _told(session, at=at)

    return run_transaction(write)


def commit_count(
    *,
    session_id: UUID,
    counted: Money,
    denominations: Sequence[Pieces],
    actor: Actor,
    at: dt.datetime,
    reason: str = "",
    is_recount: bool = False,
    foreign: Sequence[ForeignCount] = (),
) -> dict[str, Any]:
    """Commit what was counted, and tell what should have been there. An open drawer's closing begins with it.

    `is_recount` counts again and needs a reason. Raises `NotFound`, `OtherRegister`, `WrongCurrency`,
    `CountNegative`, `IllegalTransition`, `CountCommitted`, `CountMissing`.
    """
    check_money(counted, pointer="/counted")
    check_foreign([each.money for each in foreign])

    def write() -> dict[str, Any]:
        with unit_of_work():
            session, _ = hold_session(session_id=session_id, actor=actor)
            if session.state != states.CLOSING_CONTROL:
                session.state = states.SESSION.after(session.state, "begin_closing")
                session.closing_began_at = at
            session.state = states.SESSION.after(session.state, "recount" if is_recount else "count")
            if is_recount and not session.counts:
                raise CountMissing("There is no count yet to be made again.")
            if session.counts and not is_recount:
                raise CountCommitted("Count again as a recount, with a reason.")
            moved = queries.moved_by_kind(session_id=session.pk)
            add_count(
                session,
                moved=moved,
                counted=counted,
                denominations=denominations,
                foreign=foreign,
                reason=reason,
                actor=actor,
                at=at,
            )
            session.save(force_update=True)
            return _told(session, at=at)

    return run_transaction(write)


def add_count(
    session: CashSession,
    *,
    moved: Iterable[MovedOfKind],
    counted: Money,
    denominations: Sequence[Pieces],
    foreign: Sequence[ForeignCount],
    reason: str,
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Add a count to the session's list, beside what its movements come to just now. Nothing is saved here."""
    moved = tuple(moved)
    sums = [each.amount_minor for each in moved]
    count = count_drawer(movements=[*sums, session.declared_float_minor or 0], counted_minor=counted.minor)
    session.counts = [
        *session.counts,
        {
            "counted_minor": count.counted_minor,
            "expected_minor": count.expected_minor,
            "denominations": [
                {"value_minor": each.value_minor, "count": each.count} for each in denominations
            ],
            "foreign": _foreign(session, moved, foreign),
            "reason": reason,
            "at": rfc3339(at),
            "employee_id": None if actor.employee_id is None else str(actor.employee_id),
            "employee_name": person(actor),
        },
    ]


def _foreign(
    session: CashSession, moved: Sequence[MovedOfKind], counted: Sequence[ForeignCount]
) -> list[dict[str, Any]]:
    """What was counted of each other currency, beside what there should be, a float that is only declared too."""
    held = queries.held_foreign(moved)
    rates = foreign_rates({each.money.currency for each in counted} | held.keys() | declared(session))
    if session.declared_float_minor is not None:
        for notes in declared_notes(session, rates):
            more = Held(notes.money.minor, notes.worth_minor)
            held[notes.money.currency] = held.get(notes.money.currency, Held()) + more
    return count_foreign(held=held, counted=counted, rates=rates, currency=current_tenant().currency)


def _told(session: CashSession, *, at: dt.datetime) -> dict[str, Any]:
    float_minor = queries.session_float(session_id=session.pk)
    state = queries.session_document(session, currency=current_tenant().currency, float_minor=float_minor)
    append(CashSessionChanged(entity_id=session.id, at=at, state=state))
    return state
