"""Asking for money at a reader, a page of the guest's own device or by a link: one attempt of what an order owes.

The row is committed before the vendor hears of it, under the order's lock, so that two tills cannot ask for more
than is owed. Everything after that happens outside of any transaction.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import partial
from typing import cast
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import NotFound
from fynlo.core.money import Money, spell_money
from fynlo.events.log import unit_of_work
from payments.gateways.base import CaptureWhen, Channel
from payments.gateways.models import Attempt, Connection
from payments.gateways.services import AttemptDraft, drive_attempt, known_capabilities, start_attempt
from payments.tenders.models import TenderType
from payments.tenders.rules import TIP
from pos.orders.errors import NothingOwed, PaymentIdConflict, TillNeeded, UnknownTenderType
from pos.orders.models import Order
from pos.orders.services.asked_terms import check_asked, reader_for
from pos.orders.services.refund_plan import place_of
from pos.orders.services.settling import PURPOSE
from pos.orders.services.under_way import check_owing, under_way_minor
from pos.orders.states import CANCELLED, OWING
from pos.orders.transfers import OrderOverpaid, TenderInvalid
from pos.orders.whole import reference
from pos.registers.errors import WrongCurrency


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDraft:
    """Money to be asked for. `id` becomes the payment's key. Without a reader the register's own is used.

    `tip_on_reader` lets the guest add a tip there, counted from `tip_eligible` where that is less than the amount;
    with `capture` manual it is only authorised (a bar tab). `return_url` is where the guest goes after paying on a
    page of their own device.
    """

    id: UUID
    tender_type: str
    amount: Money
    reader_id: UUID | None = None
    channel: Channel | None = None
    capture: CaptureWhen = "automatic"
    tip_on_reader: bool = False
    tip_eligible: Money | None = None
    incremental: bool = False
    expires_at: dt.datetime | None = None
    return_url: str = field(default="", repr=False)


def ask_for_money(*, order_id: UUID, draft: AskDraft, actor: Actor, at: dt.datetime) -> Attempt:
    """Start the attempt and bring it as far as it goes now. The same draft again is the same attempt.

    Raises `TillNeeded`, `NotFound`, `NothingOwed`, `OrderOverpaid`, `UnknownTenderType`, `TenderInvalid`, also for
    a rule of the way to pay that is not kept, `WrongCurrency`, `ReaderNeeded`, `PaymentIdConflict` for the id of a
    payment, and what `start_attempt` raises, `PaymentOutcomeUnknown` among it.
    """
    if actor.register_id is None:
        raise TillNeeded
    terms = asked_terms(draft=draft)
    connection = account_of(terms=terms)
    known_capabilities(connection=connection, at=at)  # inside a transaction nobody would be asked
    try:
        run_transaction(partial(_start, order_id, draft, terms, actor, at))
    except IntegrityError as error:
        if not constraint(error).startswith("payments_attempt_pkey_of_payment"):
            raise
        raise PaymentIdConflict("Ids are made once and never used again.", pointer="/id") from error
    return drive_attempt(attempt_id=draft.id, at=at)


def asked_terms(*, draft: AskDraft) -> TenderType:
    """The way to pay that money is asked for by. Raises `UnknownTenderType`, `TenderInvalid`."""
    terms = TenderType.objects.select_related("connection").filter(code=draft.tender_type).first()
    if terms is None:
        raise UnknownTenderType("The merchant has no such way to pay.", pointer="/tender_type")
    account_of(terms=terms)
    if not terms.is_active:
        raise TenderInvalid("This way to pay is not offered any more.", pointer="/tender_type")
    return terms


def account_of(*, terms: TenderType) -> Connection:
    """Its account at a provider. Raises `TenderInvalid` where there is none."""
    if terms.connection is None:
        detail = "This way to pay has no account at a payment provider: say what was paid instead."
        raise TenderInvalid(detail, pointer="/tender_type")
    return terms.connection


def _start(order_id: UUID, draft: AskDraft, terms: TenderType, actor: Actor, at: dt.datetime) -> None:
    with unit_of_work():
        order = Order.objects.select_for_update().select_related("register").filter(pk=order_id).first()
        if order is None or order.location_id != actor.location_id:
            raise NotFound("There is no such order here.")
        place = place_of(actor)
        channel = draft.channel or cast("Channel", terms.channel or "present")
        if not Attempt.objects.filter(pk=draft.id).exists():
            _check_due(order, draft, terms)
        start_attempt(
            draft=AttemptDraft(
                id=draft.id,
                order_id=order.pk,
                purpose=PURPOSE,
                connection_id=account_of(terms=terms).pk,
                tender_type=terms.code,
                channel=channel,
                amount=draft.amount,
                reference=reference(register_code=order.register.code, number=order.number),
                capture=draft.capture,
                reader_id=draft.reader_id
                or reader_for(
                    attempt_id=draft.id, account=account_of(terms=terms), channel=channel, actor=actor
                ),
                tip_on_reader=draft.tip_on_reader,
                tip_eligible_minor=None if draft.tip_eligible is None else draft.tip_eligible.minor,
                incremental=draft.incremental,
                expires_at=draft.expires_at,
                return_url=draft.return_url,
                business_date=place.business_date(at),
                location_id=place.location_id,
            ),
            actor=actor,
            at=at,
        )


def check_still_owed(*, attempt_id: UUID) -> None:
    """What an attempt asks for is owed still, before it is put before a guest once more. Locks the order.

    Raises `NothingOwed`, which says why, and `OrderOverpaid`. In the caller's transaction, before the attempt is
    locked.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.order_id is not None:
        order = Order.objects.select_for_update(of=("self",)).get(pk=attempt.order_id)
        _check_owes(order, attempt.amount_minor, without=attempt.pk)


def still_owed_minor(*, attempt_id: UUID) -> int:
    """What the order of an attempt owes that nobody else is asked for, in minor units; nothing of a cancelled one.

    Locks the order, in the caller's transaction.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.order_id is None:
        return 0
    order = Order.objects.select_for_update(of=("self",)).get(pk=attempt.order_id)
    if order.fulfilment_state == CANCELLED:
        return 0
    return max(_due(order) - under_way_minor(order_id=order.pk, without=attempt.pk), 0)


def most_minor(*, attempt_id: UUID) -> int | None:
    """What may be reserved and taken for the order of an attempt: what it owes, and the tip given at the reader.

    None where the way to pay takes whatever is more as a tip, while the order owes anything. Locks the order, in
    the caller's transaction.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.order_id is None:
        return None
    owed = still_owed_minor(attempt_id=attempt_id)
    if owed and TenderType.objects.filter(code=attempt.tender_type, over=TIP).exists():
        return None
    return owed + attempt.tip_minor if owed else 0


def _due(order: Order) -> int:
    """What is still to pay. Paid in full it owes nothing, whatever of it went back: nobody pays a refund."""
    if order.payment_state not in OWING:
        return 0
    due: int = order.total_minor + order.tip_minor - order.paid_minor + order.refunded_minor
    return due


def _check_due(order: Order, draft: AskDraft, terms: TenderType) -> None:
    """What is asked for is owed, and not asked for elsewhere at the same time."""
    if draft.amount.currency != order.currency:
        raise WrongCurrency(f"Amounts are in {order.currency} here.", pointer="/amount/currency")
    if draft.amount.minor <= 0:
        raise TenderInvalid("What is asked for is above zero.", pointer="/amount/amount_minor")
    _check_tip(draft)
    _check_owes(order, draft.amount.minor, pointer="/amount/amount_minor")
    # Whatever is asked for elsewhere is not due here; of one that waits already, its own constraint tells.
    check_asked(terms=terms, amount=draft.amount, due_minor=_due(order) - under_way_minor(order_id=order.pk))


def _check_tip(draft: AskDraft) -> None:
    eligible = draft.tip_eligible
    if eligible is None:
        return
    if eligible.currency != draft.amount.currency:
        detail = f"Amounts are in {draft.amount.currency} here."
        raise WrongCurrency(detail, pointer="/tip_eligible/currency")
    if not draft.tip_on_reader or not 0 <= eligible.minor <= draft.amount.minor:
        detail = "A tip on the reader is counted from nothing up to the amount."
        raise TenderInvalid(detail, pointer="/tip_eligible/amount_minor")


def _check_owes(
    order: Order, amount_minor: int, *, pointer: str | None = None, without: UUID | None = None
) -> None:
    if order.fulfilment_state == CANCELLED:
        raise NothingOwed("The order was cancelled.", why="cancelled")
    check_owing(order)
    due = _due(order)
    if due <= 0:
        raise NothingOwed("The order is paid already.", why="paid")
    # One of the same amount is told by its own constraint, with what became of it.
    due -= under_way_minor(order_id=order.pk, besides=amount_minor, without=without)
    if amount_minor > due:
        owed = spell_money(max(due, 0), order.currency)
        detail = f"Only {owed} is due that is not asked for already."
        raise OrderOverpaid(detail, pointer=pointer)
