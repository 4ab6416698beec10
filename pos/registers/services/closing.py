"""Closing a drawer: what was counted against what should be there, the variance booked, a Z for each register.

One transaction: nobody finds a closed drawer without its Z. Nothing else can hold it up: open tickets carry over,
nothing is printed or sent, missing accounts are made, settings that cannot be read count as none, and a manager's
`force` closes without a count and without an approval; what was unusual is flagged.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.ledger.accounts import CASH, CASH_OVER_SHORT
from payments.ledger.services import Posting, record_transfers
from pos.events import CashSessionChanged, CashSessionClosed
from pos.registers import queries, states
from pos.registers.denominations import Pieces
from pos.registers.errors import CountMissing
from pos.registers.foreign import ForeignCount, Held, count_foreign, settled_count
from pos.registers.models import CashSession
from pos.registers.policy import drawer_policy
from pos.registers.queries import MovedOfKind
from pos.registers.services.closings import write_closing
from pos.registers.services.counts import add_count
from pos.registers.services.foreign_notes import check_foreign, variance_postings
from pos.registers.services.holding import HeldDrawer, check_money, find_session, hold_session, person
from pos.registers.services.opening import book_float
from staff.access.errors import ApprovalRequired
from staff.access.services.approvals import approver_for

FORCE: Final = "registers.approve"
CLOSE: Final = "registers.close"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingDraft:
    """How a drawer is closed. `counted` counts and closes in one step; without it the last committed count counts.

    `approval` is the token of who answers for a variance; `force` is a manager's reason to close in any case.
    """

    counted: Money | None = None
    denominations: tuple[Pieces, ...] = ()
    foreign: tuple[ForeignCount, ...] = ()
    approval: str | None = None
    force: str = ""


def close_session(
    *,
    session_id: UUID,
    actor: Actor,
    at: dt.datetime,
    counted: Money | None = None,
    denominations: Sequence[Pieces] = (),
    foreign: Sequence[ForeignCount] = (),
    approval: str | None = None,
    force: str = "",
) -> dict[str, Any]:
    """Close a drawer, book what is over or short, write the Z of each of its registers, and return its state.

    What should be there is the sum of the session's cash movements; what moved since the count is taken as it was
    recorded. A variance beyond the actor's limit needs `approval`. With `counted` in the same call and none, the
    count is kept and the session comes back in `closing_control`, with `needs_approval`: nobody learns the variance
    by trying. Raises `NotFound`, `OtherRegister`, `WrongCurrency`, `CountNegative`, `CountMissing`,
    `ApprovalRequired`, `ApprovalInvalid`, `Forbidden` for a force without the right to, and `IllegalTransition` for
    a session that is closed already.
    """
    if counted is not None:
        check_money(counted, pointer="/counted")
    check_foreign([each.money for each in foreign])
    if foreign and counted is None:
        raise CountMissing("Count the drawer's own money with it.", pointer="/counted")
    find_session(session_id=session_id, actor=actor)
    if force:
        actor.require(FORCE)
    draft = ClosingDraft(
        counted=counted,
        denominations=tuple(denominations),
        foreign=tuple(foreign),
        approval=approval,
        force=force,
    )
    return run_transaction(partial(_close, session_id, draft, actor, at))


def _close(session_id: UUID, draft: ClosingDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        session, held = hold_session(session_id=session_id, actor=actor)
        states.SESSION.after(session.state, "close")
        # Added up once: all registers of the drawer are held, so nothing moves until COMMIT.
        moved = queries.moved_by_kind(session_id=session.pk)
        if draft.counted is not None:
            again = "counted at closing" if session.counts else ""
            add_count(
                session,
                moved=moved,
                counted=draft.counted,
                denominations=draft.denominations,
                foreign=draft.foreign,
                reason=draft.force or again,
                actor=actor,
                at=at,
            )
        if not session.counts and not draft.force:
            raise CountMissing("Count the drawer first; a manager can close it without.")
        needed = _approve(session, draft, actor, at)
        if needed is not None:
            return _kept(session, needed, at)
        return _closed(session, held, moved, actor, at)


def _approve(
    session: CashSession, draft: ClosingDraft, actor: Actor, at: dt.datetime
) -> ApprovalRequired | None:
    """Note who answers for the variance; the answer says that somebody still has to."""
    if draft.force:
        forced = {"code": "forced", "reason": draft.force, "employee_name": person(actor)}
        session.flags = [*session.flags, forced]
        if not session.counts:
            session.flags = [*session.flags, {"code": "not_counted"}]
        return None
    count = session.counts[-1]
    variance = abs(count["counted_minor"] - count["expected_minor"])
    variance += sum(abs(each["variance_worth_minor"]) for each in count.get("foreign", ()))
    try:
        approver = approver_for(
            actor=actor,
            limit="variance_minor",
            amount_minor=variance,
            permission=CLOSE,
            token=draft.approval,
            action="variance",
            subject_id=session.pk,
            at=at,
        )
    except ApprovalRequired as needed:
        if draft.counted is None:
            raise
        return needed
    if approver is not None:
        session.approver_id, session.approver_name = approver.id, approver.name
    return None


def _kept(session: CashSession, needed: ApprovalRequired, at: dt.datetime) -> dict[str, Any]:
    """The count is committed, the drawer waits for an approval or a recount."""
    if session.state != states.CLOSING_CONTROL:
        session.state = states.SESSION.after(session.state, "begin_closing")
        session.closing_began_at = at
    session.save(force_update=True)
    state = _document(session)
    append(CashSessionChanged(entity_id=session.id, at=at, state=state))
    return {**state, "needs_approval": dict(needed.data)}


def _closed(
    session: CashSession, held: HeldDrawer, moved: tuple[MovedOfKind, ...], actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    if session.declared_float_minor is not None:
        minor = session.declared_float_minor
        book_float(session, amount_minor=minor, drawer=held.drawer, actor=actor, at=at)
        moved = queries.moved_by_kind(session_id=session.pk)
    session.state = states.SESSION.after(session.state, "close")
    _settle(session, moved)
    session.closed_at, session.closed_by_id = at, actor.employee_id
    session.save(force_update=True)
    _book_variance(session, at=at)
    for register in held.registers:
        others = [each.code for each in held.registers if each.pk != register.pk]
        write_closing(
            register=register,
            session=session,
            drawer=held.drawer,
            moved=moved,
            actor=actor,
            at=at,
            shared_with=others,
        )
    state = _document(session)
    append(CashSessionClosed(entity_id=session.id, at=at, state=state))
    return state


def _settle(session: CashSession, moved: tuple[MovedOfKind, ...]) -> None:
    """Expected, counted and variance: the last count, and what was recorded to have moved since."""
    expected = sum(each.amount_minor for each in moved)
    variance = 0
    if session.counts:
        last = session.counts[-1]
        variance = last["counted_minor"] - last["expected_minor"]
        if last["expected_minor"] != expected:
            since = expected - last["expected_minor"]
            session.flags = [*session.flags, {"code": "moved_since_count", "amount_minor": since}]
        if len(session.counts) > 1:
            session.flags = [*session.flags, {"code": "recounted", "count": len(session.counts)}]
    session.expected_minor, session.counted_minor = expected, expected + variance
    session.variance_minor = variance
    if abs(variance) > drawer_policy().tolerance_minor:
        session.flags = [*session.flags, {"code": "variance", "amount_minor": variance}]
    _settle_foreign(session, moved)


def _settle_foreign(session: CashSession, moved: tuple[MovedOfKind, ...]) -> None:
    """The same of each other currency; what differs is worth what the count made of it."""
    held = queries.held_foreign(moved)
    last = session.counts[-1].get("foreign", []) if session.counts else []
    counts = {each["currency"]: each for each in last}
    uncounted = count_foreign(held=held, counted=(), rates={}, currency=current_tenant().currency)
    settled = {each["currency"]: each for each in uncounted} | counts
    session.foreign_cash = [
        settled_count(settled[name], held=held.get(name, Held())) for name in sorted(settled)
    ]
    for each in session.foreign_cash:
        flag: dict[str, Any] = {"currency": each["currency"]}
        if each["counted_minor"] is None:
            session.flags = [*session.flags, {"code": "foreign_not_counted", **flag}]
        elif abs(each["variance_worth_minor"]) > drawer_policy().tolerance_minor:
            flag["amount_minor"] = each["counted_minor"] - each["expected_minor"]
            session.flags = [*session.flags, {"code": "foreign_variance", **flag}]


def _book_variance(session: CashSession, *, at: dt.datetime) -> None:
    """Make the books agree with the drawer: what is missing or too much moves between cash and over/short."""
    variance = session.variance_minor or 0
    debit, credit = (CASH, CASH_OVER_SHORT) if variance > 0 else (CASH_OVER_SHORT, CASH)
    posting = Posting(debit=debit, credit=credit, amount_minor=abs(variance), kind="over_short")
    record_transfers(
        postings=[*([posting] if variance else []), *variance_postings(session.foreign_cash)],
        currency=current_tenant().currency,
        order_id=None,
        at=at,
        business_date=session.business_date,
    )


def _document(session: CashSession) -> dict[str, Any]:
    float_minor = queries.session_float(session_id=session.pk)
    return queries.session_document(session, currency=current_tenant().currency, float_minor=float_minor)
