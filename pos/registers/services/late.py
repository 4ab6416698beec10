"""What becomes known after its drawer was closed: a numbered late entry of that Z.

A till that was offline sells, refunds or pays out while its drawer is open, and says so when the drawer is closed.
It belongs to that session and that Z, whose document never changes: the late entry stands beside it, `K1-Z4-L2`.

Whoever counted the drawer counted this cash: the variance that was booked then is explained by it now. So a
`correction` of the session takes back as much as came late (debit and credit of over/short exchanged), and the sum
of the session's movements stays what was expected on the Z.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max

from fynlo.core.clock import rfc3339
from fynlo.core.inserts import insert_rows
from fynlo.events.log import append
from payments.ledger.services import record_transfers
from payments.tenders.queries import foreign_terms
from pos.events import RegisterClosingLate
from pos.registers.cash_rows import foreign_columns
from pos.registers.closing_documents import DOCUMENT_VERSION, digest_of
from pos.registers.foreign import Notes
from pos.registers.journal.bodies import Moment, late_entry
from pos.registers.journal.services import append_entries
from pos.registers.models import CashMovement, CashSession, Closing, Register
from pos.registers.moving import movement_posting
from pos.registers.queries.sessions import session_covering
from pos.registers.services.foreign_notes import account_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntry:
    """What came late: `kind` is sale, refund or movement, `told` its number (`K1-R12`), `subject_id` its key.

    `total_minor` is the receipt's total (of a refund below zero), `cash_minor` what it put into the drawer (took
    out: below zero), `foreign` which notes of other currencies. `at` is when it happened.
    """

    kind: str
    told: str
    subject_id: UUID | None
    total_minor: int
    cash_minor: int
    at: dt.datetime
    foreign: tuple[Notes, ...] = ()
    employee_id: UUID | None = None
    employee_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedSession:
    """A session that is closed with a Z of the register, which late entries may still be added to."""

    session_id: UUID
    drawer_id: UUID
    closing_id: UUID
    business_date: dt.date


def closed_session_at(
    *, register_id: UUID, at: dt.datetime, drawer_id: UUID | None = None
) -> ClosedSession | None:
    """The closed session that something which happened at `at` belongs to; None when it is not late.

    That is the session of the register's drawer (or of `drawer_id`) with `opened_at <= at < closed_at`, if it has
    a Z of this register. Two or three statements; asked before anything is locked, for what says when it happened.
    """
    key = drawer_id
    if key is None:
        found = Register.objects.filter(pk=register_id).values_list("drawer_id", flat=True).first()
        key = found or register_id
    session = session_covering(drawer_id=key, at=at)
    if session is None or session.closed_at is None:
        return None
    zed = _zed(register_id, session.pk)
    if zed is None:
        return None
    return ClosedSession(
        session_id=session.pk, drawer_id=key, closing_id=zed.pk, business_date=session.business_date
    )


def record_late(
    *, register_id: UUID, session_id: UUID, entry: LateEntry, currency: str, recorded_at: dt.datetime
) -> Closing | None:
    """Write what came late as the next late entry of the Z of `session_id` at this register; None if it has no Z.

    Runs in the unit of work of the sale, refund or movement, after its rows, its cash (with that session), its
    transfers and its entry in the journal are written; the caller holds the register's row.
    """
    zed = _zed(register_id, session_id)
    if zed is None:
        return None
    register = Register.objects.get(pk=register_id)
    session = CashSession.objects.get(pk=session_id)
    _correct(session, entry, register_id=register_id, currency=currency)
    late = _row(zed, register, entry, currency, recorded_at=recorded_at)
    insert_rows([late])
    _journal(late, entry, currency, recorded_at=recorded_at)
    append(RegisterClosingLate(entity_id=late.pk, at=recorded_at, state=late.document))
    return late


def _zed(register_id: UUID, session_id: UUID) -> Closing | None:
    """The register's Z of that session. A register has few Zs a day, found by the index of their numbers."""
    found = Closing.objects.filter(register_id=register_id, session_id=session_id, late_number=None)
    return found.defer("document").order_by("-number").first()


def _correct(session: CashSession, entry: LateEntry, *, register_id: UUID, currency: str) -> None:
    """Take back as much over or short as this explains: in the session, and in the books."""
    own = [] if not entry.cash_minor else [(-entry.cash_minor, None)]
    moves = [*own, *((0, -notes) for notes in entry.foreign)]
    for amount_minor, notes in moves:
        _take_back(session, entry, amount_minor, notes, register_id=register_id, currency=currency)


def _take_back(
    session: CashSession,
    entry: LateEntry,
    amount_minor: int,
    notes: Notes | None,
    *,
    register_id: UUID,
    currency: str,
) -> None:
    """A correction of own money, or of notes. Notes that nobody counted explain nothing that was booked."""
    movement = CashMovement(
        register_id=register_id,
        session_id=session.pk,
        drawer_id=session.drawer_id,
        kind=CashMovement.CORRECTION,
        amount_minor=amount_minor,
        currency=currency,
        **foreign_columns(notes),
        employee_id=entry.employee_id,
        employee_name=entry.employee_name,
        reason_code="late",
        note=entry.told,
        at=entry.at,
        business_date=session.business_date,
    )
    insert_rows([movement])
    if notes is None:
        posting = movement_posting(kind=movement.kind, signed_minor=amount_minor)
    else:
        code = notes.money.currency
        counted = {each["currency"] for each in session.foreign_cash if each["counted_minor"] is not None}
        drawer = account_of(code, foreign_terms(currencies=[code]))
        worth = notes.worth_minor if code in counted else 0
        posting = movement_posting(kind=movement.kind, signed_minor=worth, drawer=drawer)
    record_transfers(
        postings=[] if posting is None else [posting],
        currency=currency,
        order_id=None,
        at=entry.at,
        business_date=session.business_date,
    )


def _row(
    zed: Closing, register: Register, entry: LateEntry, currency: str, *, recorded_at: dt.datetime
) -> Closing:
    """The late entry in its place. Its number is dense because the register is held."""
    late_ones = Closing.objects.filter(register_id=register.pk, number=zed.number, late_number__isnull=False)
    number = 1 + (late_ones.aggregate(last=Max("late_number"))["last"] or 0)
    position = register.last_journal_position + 1
    document: dict[str, Any] = {
        "version": DOCUMENT_VERSION,
        "kind": "late",
        "number": f"{register.code}-Z{zed.number}-L{number}",
        "closing": f"{register.code}-Z{zed.number}",
        "what": entry.kind,
        "told": entry.told,
        "subject_id": None if entry.subject_id is None else str(entry.subject_id),
        "currency": currency,
        "total_minor": entry.total_minor,
        "cash_minor": entry.cash_minor,
        "foreign": [
            {
                "amount": {"amount_minor": notes.money.minor, "currency": notes.money.currency},
                "worth_minor": notes.worth_minor,
            }
            for notes in entry.foreign
        ],
        "happened_at": rfc3339(entry.at),
        "recorded_at": rfc3339(recorded_at),
        "employee_name": entry.employee_name,
        "position": position,
    }
    return Closing(
        register=register,
        number=zed.number,
        late_number=number,
        closing_id=zed.pk,
        session_id=zed.session_id,
        from_position=position,
        to_position=position,
        document=document,
        digest=digest_of(document),
        grand_total_minor=register.grand_total_minor,
        refund_total_minor=register.refund_total_minor,
        employee_id=entry.employee_id,
        employee_name=entry.employee_name,
        at=recorded_at,
        business_date=zed.business_date,
    )


def _journal(late: Closing, entry: LateEntry, currency: str, *, recorded_at: dt.datetime) -> None:
    told = late_entry(
        moment=Moment(at=entry.at, business_date=late.business_date, employee=entry.employee_name),
        number=late.document["number"],
        closing=late.document["closing"],
        told=entry.told,
        digest=late.digest,
        currency=currency,
        total_minor=entry.total_minor,
    )
    append_entries(register_id=late.register_id, drafts=[told], recorded_at=recorded_at)
