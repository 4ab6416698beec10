"""Money that goes into a drawer and out of it by hand: each with a slip, a transfer and an entry in the journal."""

import datetime as dt
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import RuleViolation
from fynlo.core.ids import new_id
from fynlo.core.inserts import insert_rows
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.ledger.accounts import CASH
from payments.ledger.services import record_transfers
from payments.tenders.queries import foreign_terms
from pos.events import CashMoved
from pos.registers import queries, states
from pos.registers.cash_rows import foreign_columns, moved_notes
from pos.registers.errors import (
    AmountWrong,
    MovementIdConflict,
    NoOpenSession,
    ReasonNeeded,
    UnknownReason,
    WrongCurrency,
)
from pos.registers.foreign import Notes, notes_of
from pos.registers.journal.bodies import Moment, cash_moved_entry, drawer_opened_entry
from pos.registers.journal.services import append_entries
from pos.registers.models import CashMovement, CashSession
from pos.registers.moving import MOVEMENTS, movement_posting, signed_amount
from pos.registers.policy import drawer_policy
from pos.registers.queries.movements import movement_document
from pos.registers.services.foreign_notes import account_of, check_foreign, foreign_rates
from pos.registers.services.holding import HeldDrawer, find_session, hold_session, person
from pos.registers.services.late import LateEntry, record_late
from staff.access.errors import ApprovalRequired
from staff.access.services.approvals import Approver, approver_for

_NEXT_SLIP = (
    "UPDATE pos_drawer SET last_slip_number = last_slip_number + 1 WHERE id = %s RETURNING last_slip_number"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementDraft:
    """A movement as it was stated. The amount is above zero whichever way it goes; a correction's says the way.

    It is the merchant's own money (`amount`) or notes of another currency (`foreign`), one of the two.

    With `at` it has happened already and is recorded in any case, flagged where it should not have been done.
    """

    kind: str
    amount: Money | None = None
    foreign: Money | None = None
    reason_code: str = ""
    note: str = ""
    approval: str | None = None
    at: dt.datetime | None = None
    id: UUID = field(default_factory=new_id)


def move_cash(*, session_id: UUID, draft: MovementDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record a movement, post it, and return its document. The same draft again is the same movement.

    Raises `NotFound`, `OtherRegister`, `WrongCurrency`, `AmountWrong`, `MovementIdConflict`, and, unless it has
    happened already (`draft.at`): `NoOpenSession`, `ReasonNeeded`, `UnknownReason`, `ApprovalRequired`,
    `ApprovalInvalid`.
    """
    signed = _signed(draft)
    find_session(session_id=session_id, actor=actor)
    flags = _reason_flags(draft)
    try:
        return run_transaction(partial(_move, session_id, draft, signed, flags, actor, at))
    except IntegrityError as error:
        if not constraint(error).startswith("pos_cashmovement_pkey"):
            raise
        return _moved_before(session_id, draft, signed)


def _signed(draft: MovementDraft) -> int:
    """Minor units into the drawer, of the currency that moves."""
    currency = current_tenant().currency
    if draft.foreign is not None:
        if draft.amount is not None or draft.kind == CashMovement.NO_SALE:
            raise AmountWrong("It is own money or notes of another currency.", pointer="/foreign")
        check_foreign([Money(abs(draft.foreign.minor), draft.foreign.currency)], pointer="/foreign")
        signed = signed_amount(kind=draft.kind, amount_minor=draft.foreign.minor)
        if signed is None:
            raise AmountWrong(pointer="/foreign")
        return signed
    if draft.amount is not None and draft.amount.currency != currency:
        raise WrongCurrency(f"Amounts are in {currency} here.", pointer="/amount/currency")
    signed = signed_amount(kind=draft.kind, amount_minor=0 if draft.amount is None else draft.amount.minor)
    if signed is None:
        raise AmountWrong(pointer="/amount")
    return signed


def _reason_flags(draft: MovementDraft) -> list[dict[str, Any]]:
    """Whether the reason is one of the merchant's; what has happened already is flagged instead of refused."""
    listed = next((codes for kind, codes in drawer_policy().reasons.items() if kind == draft.kind), ())
    if not listed or draft.reason_code in listed:
        return []
    if draft.at is not None:
        return [{"code": "unknown_reason"}]
    problem: type[RuleViolation] = UnknownReason if draft.reason_code else ReasonNeeded
    raise problem(f"Choose one of: {', '.join(listed)}.", pointer="/reason_code")


def _move(
    session_id: UUID,
    draft: MovementDraft,
    signed: int,
    flags: list[dict[str, Any]],
    actor: Actor,
    at: dt.datetime,
) -> dict[str, Any]:
    with unit_of_work():
        session, held = hold_session(session_id=session_id, actor=actor)
        if session.state == states.CLOSED and draft.at is None:
            raise NoOpenSession("This drawer is closed.")
        notes = _notes(session, draft, signed)
        worth = signed if notes is None else notes.worth_minor
        approver, excess = _approval(session, draft, worth, actor, at)
        movement = CashMovement(
            id=draft.id,
            register_id=actor.register_id or session.register_id,
            session_id=session.pk,
            drawer_id=held.drawer.pk,
            kind=draft.kind,
            amount_minor=signed if notes is None else 0,
            currency=current_tenant().currency,
            **foreign_columns(notes),
            employee_id=actor.employee_id,
            employee_name=person(actor),
            approver_id=None if approver is None else approver.id,
            approver_name="" if approver is None else approver.name,
            reason_code=draft.reason_code,
            note=draft.note,
            slip_number=_next_slip(held),
            flags=[*flags, *excess],
            at=draft.at or at,
            business_date=session.business_date,
        )
        insert_rows([movement])
        _post(movement)
        _journal(movement, held, at=at)
        if session.state == states.CLOSED:
            _late(movement, session, held, at=at)
        movement.session = session
        state = movement_document(movement, drawer_code=held.drawer.code)
        append(CashMoved(entity_id=movement.pk, at=movement.at, state=state))
    return state


def _notes(session: CashSession, draft: MovementDraft, signed: int) -> Notes | None:
    """The notes of another currency that move; those that leave are worth what the drawer's stand at."""
    if draft.foreign is None:
        return None
    code = draft.foreign.currency
    rates = foreign_rates([code])
    if code not in rates:
        raise WrongCurrency(f"No way to pay takes notes in {code}.", pointer="/foreign/currency")
    held = queries.held_foreign(queries.moved_by_kind(session_id=session.pk)).get(code)
    own = current_tenant().currency
    return notes_of(money=Money(signed, code), rate=rates[code], currency=own, held=held)


def _approval(
    session: CashSession, draft: MovementDraft, signed: int, actor: Actor, at: dt.datetime
) -> tuple[Approver | None, list[dict[str, Any]]]:
    kind = MOVEMENTS[draft.kind]
    taken = max(0, -signed)
    is_limited = kind.limited and bool(taken)
    try:
        approver = approver_for(
            actor=actor,
            limit="paid_out_minor" if is_limited else None,
            amount_minor=abs(signed) if kind.approved else taken if is_limited else 0,
            permission="registers.approve" if kind.approved else "registers.move_cash",
            token=draft.approval,
            action="paid_out",
            subject_id=session.pk,
            at=at,
        )
    except ApprovalRequired:
        if draft.at is None:
            raise
        return None, [{"code": "not_approved"}]
    return approver, []


def _next_slip(held: HeldDrawer) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SLIP, [held.drawer.pk])
        (number,) = cursor.fetchone()
    return int(number)


def _post(movement: CashMovement) -> None:
    code = movement.foreign_currency
    drawer = account_of(code, foreign_terms(currencies=[code])) if code else CASH
    worth = movement.worth_minor if code else movement.amount_minor
    posting = movement_posting(kind=movement.kind, signed_minor=worth or 0, drawer=drawer)
    record_transfers(
        postings=[] if posting is None else [posting],
        currency=movement.currency,
        order_id=None,
        at=movement.at,
        business_date=movement.business_date,
    )


def _journal(movement: CashMovement, held: HeldDrawer, *, at: dt.datetime) -> None:
    moment = Moment(
        at=movement.at,
        business_date=movement.business_date,
        employee=movement.employee_name,
        approver=movement.approver_name,
    )
    said: dict[str, Any] = {
        "moment": moment,
        "drawer": held.drawer.code,
        "number": f"{held.drawer.code}-M{movement.slip_number}",
        "reason": movement.reason_code,
        "flags": [flag["code"] for flag in movement.flags],
    }
    if movement.kind == CashMovement.NO_SALE:
        entry = drawer_opened_entry(**said)
    else:
        entry = cash_moved_entry(
            **said,
            movement=movement.kind,
            amount_minor=movement.amount_minor if movement.foreign_minor is None else movement.foreign_minor,
            currency=movement.foreign_currency or movement.currency,
        )
    append_entries(register_id=movement.register_id, drafts=[entry], recorded_at=at)


def _late(movement: CashMovement, session: CashSession, held: HeldDrawer, *, at: dt.datetime) -> None:
    """The counted drawer had this in it, or lacked it, already: its variance is explained by so much."""
    entry = LateEntry(
        kind="movement",
        told=f"{held.drawer.code}-M{movement.slip_number}",
        subject_id=movement.pk,
        total_minor=0,
        cash_minor=movement.amount_minor,
        foreign=moved_notes([movement]),
        at=movement.at,
        employee_id=movement.employee_id,
        employee_name=movement.employee_name,
    )
    record_late(
        register_id=movement.register_id,
        session_id=session.pk,
        entry=entry,
        currency=movement.currency,
        recorded_at=at,
    )


def _moved_before(session_id: UUID, draft: MovementDraft, signed: int) -> dict[str, Any]:
    rows = CashMovement.objects.select_related("register", "session__drawer", "session__register")
    before = rows.get(pk=draft.id)
    same_time = draft.at is None or rfc3339(draft.at) == rfc3339(before.at)
    code = "" if draft.foreign is None else draft.foreign.currency
    said = (session_id, draft.kind, signed, code, draft.reason_code, draft.note)
    is_same = (
        before.session_id,
        before.kind,
        before.foreign_minor if before.foreign_currency else before.amount_minor,
        before.foreign_currency,
        before.reason_code,
        before.note,
    ) == said and same_time
    if not is_same:
        raise MovementIdConflict(pointer="/id")
    drawer = before.session.drawer or before.session.register
    return movement_document(before, drawer_code=drawer.code)
