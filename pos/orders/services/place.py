"""Placing an order: one transaction, locks in the order of `docs/algorithms/locking.md`, the feed last."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Final

from django.db import transaction
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import Conflict, DomainError, RuleViolation
from fynlo.core.inserts import insert_rows
from fynlo.events.log import append, unit_of_work
from fynlo.observability.metrics import order_placed
from payments.credit.services import Occasion
from payments.ledger.models import Transfer
from payments.ledger.services import resolve_accounts, transfer_rows
from payments.tenders.services import payment_rows
from pos.events import OrderCompleted, OrderPlaced
from pos.orders import states
from pos.orders.documents import WholeOrder, order_document
from pos.orders.drafts import OrderDraft
from pos.orders.errors import LineIdConflict, OrderIdConflict
from pos.orders.flags import Flag
from pos.orders.models import Order
from pos.orders.queries import draft_digest, whole_order
from pos.orders.services.goods import take_goods
from pos.orders.services.late_sales import closed_session_of, record_late_sale
from pos.orders.services.plan import SalePlan, cost_of, plan_sale
from pos.orders.services.sale_rows import cash_rows, is_paid, journal_rows, order_row, whole_sale
from pos.orders.services.tender_ids import OF_ATTEMPT, id_conflict, sale_with_own_ids
from pos.orders.services.tendering import charge_tenders
from pos.orders.services.training import write_training
from pos.orders.traded import traded
from pos.registers.numbers import Numbers, raised_head, take_numbers
from pos.registers.traded import Sums

# Compared by prefix: shards append to the names of constraints.
_CONFLICTS: Final[dict[str, tuple[type[DomainError], str]]] = {
    "pos_order_pkey": (OrderIdConflict, "/id"),
    "pos_orderline_pkey": (LineIdConflict, "/lines"),
    "pos_stockmovement_once_per_line": (LineIdConflict, "/lines"),  # its goods have left the shelf before
}
_GONE: Final = ("pos_stocklevel_variant_id",)
"""The foreign key that fails when a variant is removed in the very moment of its sale; tried again, it is gone."""


def place_order(*, draft: OrderDraft, actor: Actor, at: dt.datetime) -> WholeOrder:
    """Record a sale: order, payments, cash, stock, ledger, journal and feed, all or nothing. `at` is now.

    The same draft again, from whichever till and however often, is the same order: nothing is written and
    the order comes back. Raises `OrderIdConflict` for another draft under the same id, `TillNeeded` for an
    actor without a register, and the errors of `plan_sale`.
    """
    try:
        plan = plan_sale(draft=draft, actor=actor, at=at)
        return run_transaction(partial(write_training, plan=plan)) if plan.is_training else _written(plan)
    except (IntegrityError, RuleViolation, Conflict) as error:
        # The constraint decides who was first. A rule may also have become stricter since the first time, and what
        # the first time used up (the last of an account's limit) is not there for its repeat.
        placed = _placed_before(draft)
        if placed is not None:
            return placed
        conflict = _conflict(error, draft)
        if conflict is None:
            raise
        raise conflict from error


def _written(plan: SalePlan) -> WholeOrder:
    try:
        return run_transaction(partial(write_sale, plan=plan))
    except IntegrityError as error:
        if constraint(error).startswith(OF_ATTEMPT) and plan.draft.placed_at is not None:
            return run_transaction(partial(write_sale, plan=sale_with_own_ids(plan)))
        if not constraint(error).startswith(_GONE):
            raise
        return run_transaction(partial(write_sale, plan=plan))


def _placed_before(draft: OrderDraft) -> WholeOrder | None:
    digest = draft_digest(order_id=draft.id)
    if digest is None:
        return None
    if digest != draft.digest:
        raise OrderIdConflict("An order with this id and other content was placed before.", pointer="/id")
    return whole_order(order_id=draft.id)


def _conflict(error: Exception, draft: OrderDraft) -> DomainError | None:
    name = constraint(error) if isinstance(error, IntegrityError) else ""
    if name.startswith("payments_payment_pkey"):
        return id_conflict(draft.tenders)
    for prefix, (kind, pointer) in _CONFLICTS.items():
        if name.startswith(prefix):
            return kind("Ids are made once and never used again.", pointer=pointer)
    return None


def write_sale(*, plan: SalePlan) -> WholeOrder:
    """Write a planned sale in the caller's unit of work; its event is appended last.

    The register's numbers come first and lock it, then the goods leave the shelf; what is there to say of them is
    known before the order's own rows are made, so that they are written once and together.
    """
    with unit_of_work():
        paid = is_paid(plan)
        numbers = take_numbers(
            register_id=plan.place.id,
            orders=1,
            receipts=int(paid),
            entries=int(paid),
            sold_minor=plan.basket.priced.total_minor if paid else 0,
        )
        late = closed_session_of(plan, numbers)
        if late is not None:
            numbers = replace(numbers, session_id=late.session_id)
        order = order_row(plan, numbers)
        order.flags += _charged(plan, order)
        gone = take_goods(plan=plan, order=order)
        order.flags += gone.flags
        whole = whole_sale(plan, order)
        # What comes late is in its own Z's late section, and in no other Z's sums.
        sums = traded(whole) if paid and late is None else None
        _write_rows(plan, numbers, whole, cost_minor=gone.value_minor, sums=sums)
        completed = order.fulfilment_state == states.COMPLETED
        event = OrderCompleted if completed else OrderPlaced
        transaction.on_commit(order_placed)
        append(event(entity_id=order.id, at=order.placed_at, state=order_document(whole)))
        if late is not None:
            record_late_sale(plan, whole, late)
    return whole


def _charged(plan: SalePlan, order: Order) -> list[Flag]:
    """What house accounts owe, and what cards have less."""
    occasion = Occasion(
        at=order.placed_at,
        business_date=order.business_date,
        register_id=order.register_id,
        employee_id=order.employee_id,
        employee_name=order.employee_name,
    )
    is_fact = plan.draft.placed_at is not None
    return charge_tenders(tenders=plan.tenders, is_fact=is_fact, occasion=occasion, order_id=order.id)


def _write_rows(
    plan: SalePlan, numbers: Numbers, whole: WholeOrder, *, cost_minor: int, sums: Sums | None
) -> None:
    """The order and all that belongs to it, in one statement."""
    order = whole.order
    entries = list(journal_rows(whole, numbers, recorded_at=plan.heard_at))
    insert_rows(
        [order],
        whole.lines,
        whole.taxes,
        payment_rows(
            order_id=order.id,
            tenders=plan.tenders,
            currency=order.currency,
            register_id=order.register_id,
            employee_id=order.employee_id,
            at=order.placed_at,
            business_date=order.business_date,
        ),
        cash_rows(plan, numbers, order),
        _transfers(plan, order, cost_minor),
        entries,
        last=raised_head(register_id=order.register_id, head=entries[-1].hash, sums=sums)
        if entries
        else None,
    )


def _transfers(plan: SalePlan, order: Order, cost_minor: int) -> list[Transfer]:
    """What it books. Accounts that nobody used yet are made here, where the ledger has its turn."""
    postings = (*plan.postings, *cost_of(cost_minor))
    keys = {key for posting in postings for key in (posting.debit, posting.credit)}
    accounts = plan.terms.accounts(keys)
    if accounts.keys() != keys:
        accounts |= resolve_accounts(keys - accounts.keys())
    return transfer_rows(
        postings=postings,
        accounts=accounts,
        currency=order.currency,
        order_id=order.id,
        at=order.placed_at,
        business_date=order.business_date,
        register_id=order.register_id,
    )
