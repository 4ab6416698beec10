"""Paying an open order, at once or in parts. Paid in full it gets its receipt, at the register where it is paid."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.inserts import insert_rows
from fynlo.core.money import MAX_MINOR, Money, spell_money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from fynlo.observability.metrics import order_placed
from payments.credit.services import Occasion
from payments.tenders.services import TenderTaken, payment_rows
from payments.tenders.settlement import settle
from pos.catalog.services.publishing import sale_book
from pos.events import OrderCompleted, OrderPaid
from pos.orders import states
from pos.orders.documents import WholeOrder
from pos.orders.drafts import TenderDraft
from pos.orders.errors import DueChanged, TillNeeded
from pos.orders.flags import Flag, due_changed, inactive_tender_types
from pos.orders.journaling import sale_entry
from pos.orders.models import Order
from pos.orders.queries import whole_order
from pos.orders.services.drawer_cash import cash_taken
from pos.orders.services.late_payments import date_back, record_late_payment
from pos.orders.services.opened import OpenOrder, lock_order, note_change, save_order, tell
from pos.orders.services.steps import place_locked
from pos.orders.services.tender_checks import check_tenders, terms_of, were_taken
from pos.orders.services.tender_ids import id_conflict, with_own_ids
from pos.orders.services.tender_rules import check_rules, tip_beyond_due
from pos.orders.services.tendering import charge_tenders, tenders_taken
from pos.orders.services.ticket_books import book, postings_of
from pos.orders.services.unasked import let_go_beyond
from pos.orders.services.under_way import beside_under_way, check_owing
from pos.orders.services.value_tenders import Asking
from pos.orders.services.withdrawing import journal
from pos.orders.states import walk
from pos.orders.traded import traded
from pos.orders.transfers import OrderOverpaid, Tender, TenderInvalid, payment_transfers, tip_transfers
from pos.pricing.cash import cash_rounding
from pos.pricing.errors import AmountTooLarge
from pos.registers.cash_rows import sale_cash_rows
from pos.registers.errors import WrongCurrency
from pos.registers.numbers import Numbers, raise_sums, take_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class PayDraft:
    """What a guest hands over for an open order. `tip` comes on top of what was tipped before.

    `expected_due` is what the till shows as still to pay, this tip among it; `drawer_id` names another drawer than
    the register's own. `at` is when it was taken, by a till that could not say so then: that is recorded as it
    happened, and flagged instead of refused. `flags` are what is known to be odd about it already.
    """

    tenders: tuple[TenderDraft, ...]
    tip: Money | None = None
    expected_due: Money | None = None
    drawer_id: UUID | None = None
    at: dt.datetime | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def is_fact(self) -> bool:
        """Whether it has happened already."""
        return self.at is not None


def pay_order(*, order_id: UUID, draft: PayDraft, actor: Actor, at: dt.datetime) -> WholeOrder:
    """Take the tenders for the order, which is placed first if it was a ticket, and return it whole.

    What is paid in full gets a receipt number and its entry in the journal of the till it is paid at, and is
    completed unless somebody still prepares it. The same tenders again are answered with the order as it is. What
    was taken while a drawer was open that is closed by now belongs to that session, and stands beside its Z.

    Raises `TillNeeded`, `NotFound`, `OtherLocation`, `IllegalTransition` for an order that is paid or cancelled,
    `NothingOwed` for one that was given back, `DueChanged`, `OrderOverpaid`, `TenderInvalid`, `UnknownTenderType`,
    `WrongCurrency`, `PaymentIdConflict`.
    """
    if actor.register_id is None:
        raise TillNeeded
    currency = current_tenant().currency
    check_tenders(tenders=draft.tenders, currency=currency)
    for name, money in (("tip", draft.tip), ("expected_due", draft.expected_due)):
        if money is not None and money.currency != currency:
            raise WrongCurrency(f"Amounts are in {currency} here.", pointer=f"/{name}/currency")
    try:
        return run_transaction(partial(_pay, order_id, draft, actor, actor.register_id, at))
    except IntegrityError as error:
        if not constraint(error).startswith("payments_payment_pkey"):
            raise
        raise id_conflict(draft.tenders) from error


def _pay(order_id: UUID, draft: PayDraft, actor: Actor, register_id: UUID, at: dt.datetime) -> WholeOrder:
    with unit_of_work():
        numbers = take_numbers(register_id=register_id, drawer_id=draft.drawer_id)
        opened = lock_order(order_id=order_id, actor=actor, at=at)
        order = opened.order
        odd_ids: list[Flag] = []
        if draft.is_fact:
            own, odd_ids = with_own_ids(tenders=draft.tenders, order_id=order_id)
            draft = replace(draft, tenders=own)
        if draft.tenders and were_taken(order_id=order_id, tenders=draft.tenders):
            return whole_order(order_id=order_id)
        if order.payment_state in states.GIVEN_BACK:
            check_owing(order)
        numbers, late = date_back(opened, stated=draft.at, register_id=register_id, numbers=numbers)
        if order.fulfilment_state == states.DRAFT:
            place_locked(opened, numbers, is_fact=draft.is_fact)
        tip_minor = 0 if draft.tip is None else draft.tip.minor
        order.flags = [*order.flags, *odd_ids, *draft.flags]
        _check_due(order, draft, tip_minor)
        if order.total_minor + order.tip_minor + tip_minor > MAX_MINOR:
            raise AmountTooLarge(
                f"An order is worth at most {spell_money(MAX_MINOR, order.currency)}.", pointer="/tip"
            )
        tip_minor += tip_beyond_due(
            drafts=draft.tenders, terms=terms_of(draft.tenders), due_minor=_due(order) + tip_minor
        )
        order.flags += beside_under_way(
            order=order, due_minor=_due(order) + tip_minor, tenders=draft.tenders, is_fact=draft.is_fact
        )
        _add_tip(opened, tip_minor)
        tenders = _shares(opened, draft)
        _take(opened, tenders, numbers, register_id, is_fact=draft.is_fact)
        whole = save_order(opened)
        let_go_beyond(opened)
        if order.receipt_number is not None:
            entry = sale_entry(whole, number=whole.receipt_reference or "")
            if late is None:  # what comes late is beside its own Z, and in no other Z's sums
                raise_sums(register_id=register_id, sums=traded(whole))
            journal(opened, [replace(entry, at=opened.at, business_date=opened.business_date)])
            transaction.on_commit(order_placed)
        completed = order.fulfilment_state == states.COMPLETED
        tell(OrderCompleted if completed else OrderPaid, whole, at=opened.at)
        if late is not None:
            record_late_payment(opened, whole, tenders=tenders, late=late, register_id=register_id)
    return whole


def _due(order: Order) -> int:
    due: int = order.total_minor + order.tip_minor - order.paid_minor + order.refunded_minor
    return due


def _check_due(order: Order, draft: PayDraft, tip_minor: int) -> None:
    due = _due(order) + tip_minor
    if draft.is_fact and draft.expected_due is not None:
        order.flags = [*order.flags, *due_changed(expected=draft.expected_due, due_minor=due)]
    elif draft.expected_due is not None and draft.expected_due.minor != due:
        detail = "Look at the order again before taking money for it."
        raise DueChanged(detail, pointer="/expected_due", due_minor=due)
    if not draft.tenders and due > 0:
        raise TenderInvalid("Something is still to pay.", pointer="/tenders")


def _add_tip(opened: OpenOrder, tip_minor: int) -> None:
    """A tip is owed like the rest, and then paid with it."""
    if not tip_minor:
        return
    order = opened.order
    order.tip_minor += tip_minor
    if order.draft is not None:
        order.draft = {**order.draft, "tip": [order.tip_minor, order.currency]}
    book(opened, postings_of(tip_transfers(tip_minor)))


def _shares(opened: OpenOrder, draft: PayDraft) -> tuple[TenderTaken, ...]:
    """What each tender pays of what is due. Only what is left for cash is rounded."""
    order = opened.order
    terms = terms_of(draft.tenders)
    at = order.opened_at or order.placed_at
    increment = sale_book(variant_ids=(), at=at, version_id=order.price_book_id).cash_increment

    def round_cash(due_minor: int) -> int:
        return cash_rounding(due_minor=due_minor, increment=increment).rounded_minor

    offers = [
        (tender.amount.minor, each.gives_change) for tender, each in zip(draft.tenders, terms, strict=True)
    ]
    due = _due(order)
    if not draft.is_fact:
        check_rules(drafts=draft.tenders, terms=terms, due_minor=due, currency=order.currency)
    foreign = [place for place, each in enumerate(terms) if each.is_foreign]
    shares = settle(total_minor=due, tenders=offers, round_cash=round_cash, foreign=foreign)
    paid = sum(share.amount_minor for share in shares)
    if paid > due:
        tendered, owed = (spell_money(each, order.currency) for each in (paid, due))
        raise OrderOverpaid(f"{tendered} was tendered for {owed} that is due.", pointer="/tenders")
    asking = Asking(actor=opened.actor, at=opened.at, is_fact=draft.is_fact)
    return tenders_taken(drafts=draft.tenders, terms=terms, shares=shares, asking=asking)


def _take(
    opened: OpenOrder,
    tenders: Sequence[TenderTaken],
    numbers: Numbers,
    register_id: UUID,
    *,
    is_fact: bool,
) -> None:
    """Write payments, cash and transfers, and walk on as far as they carry."""
    order = opened.order
    before = order.payment_state
    order.paid_minor += sum(tender.share.amount_minor for tender in tenders)
    order.session_id = numbers.session_id or order.session_id
    inactive = inactive_tender_types(tenders=[(each.terms.code, each.terms.is_active) for each in tenders])
    odd = charge_tenders(
        tenders=tenders, is_fact=is_fact, occasion=_occasion(opened, register_id), order_id=order.id
    )
    order.flags = [*order.flags, *inactive, *odd]
    _write_rows(opened, tenders, numbers, register_id)
    book(opened, postings_of(payment_transfers([_tender(each) for each in tenders]), [t.id for t in tenders]))
    event = states.payment_event(
        payable_minor=order.total_minor + order.tip_minor,
        paid_minor=order.paid_minor - order.refunded_minor,
    )
    walk(order, event or "pay_part")
    note_change(
        opened,
        kind="pay",
        before={"state": before},
        after={
            "state": order.payment_state,
            "paid_minor": order.paid_minor,
            "payments": [str(tender.id) for tender in tenders],
        },
    )
    if order.payment_state == states.PAID:
        _settle(opened, register_id)


def _settle(opened: OpenOrder, register_id: UUID) -> None:
    """Paid in full: the receipt gets its number here and now, and what nobody prepares any more is complete."""
    order = opened.order
    numbers = take_numbers(register_id=register_id, receipts=1, sold_minor=order.total_minor)
    order.receipt_number = numbers.receipt_number
    order.receipt_register_id = None if register_id == order.register_id else register_id
    order.draft = None
    if order.fulfilment_state in (states.PLACED, states.SERVED):
        walk(order, "complete")
        note_change(opened, kind="complete", after={"state": order.fulfilment_state})


def _write_rows(
    opened: OpenOrder, tenders: Sequence[TenderTaken], numbers: Numbers, register_id: UUID
) -> None:
    order, actor = opened.order, opened.actor
    common: dict[str, Any] = {
        "order_id": order.id,
        "currency": order.currency,
        "register_id": register_id,
        "employee_id": actor.employee_id,
        "at": opened.at,
        "business_date": opened.business_date,
    }
    insert_rows(
        payment_rows(tenders=tenders, **common),
        sale_cash_rows(
            cash=cash_taken(tenders),
            drawer_id=numbers.drawer_id,
            session_id=numbers.session_id,
            employee_name=actor.name if actor.employee_id else "",
            **common,
        ),
    )


def _occasion(opened: OpenOrder, register_id: UUID) -> Occasion:
    actor = opened.actor
    return Occasion(
        at=opened.at,
        business_date=opened.business_date,
        register_id=register_id,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.employee_id else "",
    )


def _tender(tender: TenderTaken) -> Tender:
    return Tender(
        code=tender.terms.code,
        is_cash=tender.terms.is_cash,
        gives_change=tender.terms.gives_change,
        tendered_minor=tender.share.tendered_minor,
        change_minor=tender.share.change_minor,
        rounding_minor=tender.share.rounding_minor,
        house="" if tender.house is None else tender.house.code,
        value="" if tender.value is None else tender.value.posting_key,
    )
