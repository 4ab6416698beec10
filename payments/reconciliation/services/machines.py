"""Totals of stand-alone card machines: entered by people, compared with the books of the day."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q, QuerySet

from fynlo.core.actors import Actor
from fynlo.core.errors import InvalidInput
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.ledger.accounts import BANK, FEES
from payments.ledger.services import Posting, record_transfers
from payments.reconciliation import states
from payments.reconciliation.errors import NoSuchTotal, TotalPosted
from payments.reconciliation.models import Difference, MachineTotal
from payments.reconciliation.ports import business_day, register_names
from payments.reconciliation.queries.machines import booked_beside, booked_on, place_of
from payments.tenders.kinds import CARD
from payments.tenders.models import TenderType

_LATE: Final = dt.timedelta(days=14)
"""So long after a day something of it may still be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDraft:
    """What the machine printed for one register and day; `fee` once the bank shows what it kept."""

    register_id: UUID
    business_date: dt.date
    tender_type: str
    total: Money
    fee: Money | None = None


def enter_machine_total(*, draft: MachineDraft, actor: Actor, at: dt.datetime) -> MachineTotal:
    """Keep the total, and note the difference to what was booked on that day. With a fee it goes to the bank, once:
    when it agrees, or when somebody has accepted the difference. Until then it may be corrected.

    Raises `Forbidden`, `InvalidInput`, `NoSuchTotal`, `TotalPosted` for other figures after it was booked.
    """
    actor.require("payments.reconcile")
    _check(draft, at)
    try:
        with unit_of_work():
            return _enter(draft, actor, at)
    except IntegrityError:  # somebody entered the same total at the same time
        with unit_of_work():
            return _enter(draft, actor, at)


def _enter(draft: MachineDraft, actor: Actor, at: dt.datetime) -> MachineTotal:
    place: dict[str, Any] = {
        "register_id": draft.register_id,
        "business_date": draft.business_date,
        "tender_type": draft.tender_type,
    }
    row = MachineTotal.objects.select_for_update(of=("self",)).filter(**place).first()
    is_new = row is None
    row = row or MachineTotal(**place)
    fee = None if draft.fee is None else draft.fee.minor
    if row.posted_at is not None:
        if (row.total_minor, row.fee_minor) != (draft.total.minor, fee):
            raise TotalPosted
        return row
    row.total_minor, row.fee_minor, row.currency = draft.total.minor, fee, draft.total.currency
    row.entered_by, row.entered_at = actor.name, at
    row.save(force_insert=is_new)
    if note_total(row=row, booked_minor=booked_on(**place), at=at):
        _post(row, at)
    return row


def post_accepted(*, total_id: UUID, at: dt.datetime) -> None:
    """Somebody accepted that the machine says something else: what it says goes to the bank, if its fee is known.

    In the caller's unit of work.
    """
    row = MachineTotal.objects.select_for_update(of=("self",)).filter(pk=total_id).first()
    if row is not None and row.posted_at is None:
        _post(row, at)


def look_at_totals(*, at: dt.datetime) -> None:
    """Compare the totals of the last two weeks again: a slip or a refund may have been told later than its day."""
    rows = list(MachineTotal.objects.filter(business_date__gte=business_day(at=at) - _LATE))
    booked = booked_beside(rows)
    for row in rows:
        with unit_of_work():
            note_total(row=row, booked_minor=booked[place_of(row)], at=at)


def _check(draft: MachineDraft, at: dt.datetime) -> None:
    currency = current_tenant().currency
    for name, money in (("total", draft.total), ("fee", draft.fee)):
        if money is not None and money.currency != currency:
            raise InvalidInput(f"Amounts are in {currency}.", pointer=f"/{name}/currency")
    if draft.fee is not None and not 0 <= draft.fee.minor <= abs(draft.total.minor):
        raise InvalidInput("A fee is between nothing and the total.", pointer="/fee")
    if not machine_ways().filter(code=draft.tender_type).exists():
        raise NoSuchTotal("No card machine takes money by this way to pay.", pointer="/tender_type")
    if draft.register_id not in register_names():
        raise NoSuchTotal("There is no such register.", pointer="/register_id")
    if draft.business_date > business_day(at=at):
        raise NoSuchTotal("This day is still to come.", pointer="/business_date")


def machine_ways() -> QuerySet[TenderType]:
    """Ways to pay whose money a card machine takes that tells nobody of it: cards no provider is asked for."""
    ways: QuerySet[TenderType] = TenderType.objects.filter(kind=CARD)
    return ways.filter(Q(connection=None) | Q(connection__gateway="card_machine"))


def note_total(*, row: MachineTotal, booked_minor: int, at: dt.datetime) -> bool:
    """One difference per total: open while it differs, resolved by itself when it agrees. Whether it agrees, or
    somebody has accepted just this difference.
    """
    subject = f"{row.business_date}:{row.tender_type}:{row.register_id}"
    known = Difference.objects.filter(connection=None, kind="machine_total", subject=subject)
    if booked_minor == row.total_minor:
        known.filter(state=states.OPEN).update(state=states.RESOLVED, action="agrees", resolved_at=at)
        return True
    figures = {"ours_minor": booked_minor, "theirs_minor": row.total_minor}
    if known.filter(state=states.RESOLVED, action="accepted", **figures).exists():
        return True
    facts = {**figures, "state": states.OPEN}
    if not known.update(**facts):
        Difference.objects.create(
            connection=None,
            kind="machine_total",
            subject=subject,
            subject_id=row.pk,
            currency=row.currency,
            found_at=at,
            **facts,
        )
    return False


def _post(row: MachineTotal, at: dt.datetime) -> None:
    """What it says goes to the bank, less its fee; nothing while that is not known."""
    fee = row.fee_minor
    if fee is None:
        return
    row.posted_at = at
    row.save(update_fields=["posted_at"])
    tender, net = f"tender:{row.tender_type}", row.total_minor - fee
    moves = [(BANK, tender, net)] if net > 0 else [(tender, BANK, -net)] if net < 0 else []
    if fee:
        moves.append((FEES, tender, fee))
    record_transfers(
        postings=[
            Posting(debit=debit, credit=credit, amount_minor=amount, kind="machine_payout")
            for debit, credit, amount in moves
        ],
        currency=row.currency,
        order_id=None,
        at=at,
        business_date=row.business_date,
    )
