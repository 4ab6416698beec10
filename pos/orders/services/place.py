"""Placing an order: one transaction, locks in the order of `docs/algorithms/locking.md`, the feed last."""

import datetime as dt
from functools import partial
from typing import Final

from django.db import transaction
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import DomainError, RuleViolation
from fynlo.core.inserts import insert_rows
from fynlo.events.log import append, unit_of_work
from fynlo.observability.metrics import order_placed
from payments.ledger.services import record_transfers
from payments.tenders.queries import PaymentTaken
from payments.tenders.services import take_payments
from pos.events import OrderCompleted, OrderPlaced
from pos.orders import states
from pos.orders.documents import WholeOrder, order_document
from pos.orders.drafts import OrderDraft
from pos.orders.errors import LineIdConflict, OrderIdConflict, PaymentIdConflict
from pos.orders.flags import no_open_session
from pos.orders.models import Order, OrderLine, OrderTax
from pos.orders.queries import draft_digest, whole_order
from pos.orders.rows import charge_values, context_values, discount_values, line_rows, tax_rows
from pos.orders.services.goods import take_goods
from pos.orders.services.plan import SalePlan, plan_sale
from pos.orders.services.tendering import charge_tenders
from pos.registers.queries import open_session_id
from pos.registers.services import CashTaken, record_sale_cash, take_order_number

# Compared by prefix: shards append to the names of constraints.
_CONFLICTS: Final[dict[str, type[DomainError]]] = {
    "pos_order_pkey": OrderIdConflict,
    "pos_orderline_pkey": LineIdConflict,
    "payments_payment_pkey": PaymentIdConflict,
}
_GONE: Final = ("pos_stocklevel_variant_id",)
"""The foreign key that fails when a variant is removed in the very moment of its sale; tried again, it is gone."""


def place_order(*, draft: OrderDraft, actor: Actor, at: dt.datetime) -> WholeOrder:
    """Record a sale: order, payments, cash, stock, ledger and feed, all or nothing. `at` is now.

    The same draft again, from whichever till and however often, is the same order: nothing is written and
    the order comes back. Raises `OrderIdConflict` for another draft under the same id, `TillNeeded` for an
    actor without a register, and the errors of `plan_sale`.
    """
    try:
        plan = plan_sale(draft=draft, actor=actor, at=at)
        return _written(plan)
    except (IntegrityError, RuleViolation) as error:
        # The constraint decides who was first. A rule may also have become stricter since the first time.
        placed = _placed_before(draft)
        if placed is not None:
            return placed
        conflict = _conflict(error)
        if conflict is None:
            raise
        raise conflict from error


def _written(plan: SalePlan) -> WholeOrder:
    try:
        return run_transaction(partial(_write, plan))
    except IntegrityError as error:
        if not constraint(error).startswith(_GONE):
            raise
        return run_transaction(partial(_write, plan))


def _placed_before(draft: OrderDraft) -> WholeOrder | None:
    digest = draft_digest(order_id=draft.id)
    if digest is None:
        return None
    if digest != draft.digest:
        raise OrderIdConflict("An order with this id and other content was placed before.", pointer="/id")
    return whole_order(order_id=draft.id)


def _conflict(error: Exception) -> DomainError | None:
    name = constraint(error) if isinstance(error, IntegrityError) else ""
    for prefix, kind in _CONFLICTS.items():
        if name.startswith(prefix):
            return kind("Ids are made once and never used again.")
    return None


def _write(plan: SalePlan) -> WholeOrder:
    with unit_of_work():
        order = _order_row(plan)
        lines, taxes = _line_rows(plan)
        # By variant, because foreign keys lock what they point to in the order of the rows.
        by_variant = sorted(lines, key=lambda line: line.variant_id)
        insert_rows([order], by_variant, taxes)
        payments = _take_payments(plan, order)
        take_goods(plan=plan, order=order)
        record_transfers(
            postings=plan.postings,
            currency=order.currency,
            order_id=order.id,
            at=order.placed_at,
            business_date=order.business_date,
        )
        whole = WholeOrder(
            order=order,
            register_code=plan.place.code,
            location_code=plan.place.location_code,
            lines=lines,
            taxes=taxes,
            payments=payments,
        )
        completed = order.fulfilment_state == states.COMPLETED
        event = OrderCompleted if completed else OrderPlaced
        transaction.on_commit(order_placed)
        append(event(entity_id=order.id, at=order.placed_at, state=order_document(whole)))
    return whole


def _order_row(plan: SalePlan) -> Order:
    """The order's row, under the register's next number. The register's row stays locked until COMMIT."""
    priced, paid = plan.basket.priced, plan.paid_minor
    number = take_order_number(register_id=plan.place.id)
    session_id = open_session_id(register_id=plan.place.id)
    fulfilment, payment = _states(payable_minor=priced.payable_minor, paid_minor=paid)
    return Order(
        id=plan.draft.id,
        register_id=plan.place.id,
        location_id=plan.place.location_id,
        session_id=session_id,
        number=number,
        fulfilment_state=fulfilment,
        payment_state=payment,
        currency=priced.currency,
        net_minor=priced.subtotal_minor,
        tax_minor=priced.tax_minor,
        total_minor=priced.total_minor,
        paid_minor=paid,
        discount_minor=sum(given.amount_minor for given in priced.discounts),
        service_charge_minor=sum(charge.amount_minor for charge in priced.service_charges),
        tip_minor=priced.tip_minor,
        placed_at=plan.placed_at,
        business_date=plan.business_date,
        device_id=plan.actor.device_id,
        employee_id=plan.actor.employee_id,
        employee_name=plan.actor.name if plan.actor.employee_id else "",
        flags=[*plan.flags, *no_open_session(session_id=session_id)],
        price_book_id=plan.basket.book.version_id,
        context=context_values(plan.basket),
        discounts=discount_values(priced),
        service_charges=charge_values(priced),
        note=plan.draft.note,
        explanation=plan.explanation,
        pricing_engine=priced.engine_version,
        rounding_policy=priced.policy.code,
        pricing_digest=priced.digest,
        draft_digest=plan.draft.digest,
    )


def _states(*, payable_minor: int, paid_minor: int) -> tuple[str, str]:
    """Fulfilment and payment state after the tenders: what is paid in full at the counter is completed."""
    event = states.payment_event(payable_minor=payable_minor, paid_minor=paid_minor)
    payment = states.UNPAID if event is None else states.PAYMENT.after(states.UNPAID, event)
    if payment != states.PAID:
        return states.PLACED, payment
    return states.FULFILMENT.after(states.PLACED, "complete"), payment


def _line_rows(plan: SalePlan) -> tuple[list[OrderLine], list[OrderTax]]:
    line_ids = [line.id for line in plan.draft.lines]
    lines = line_rows(order_id=plan.draft.id, basket=plan.basket, line_ids=line_ids)
    taxes = tax_rows(order_id=plan.draft.id, priced=plan.basket.priced)
    return lines, taxes


def _take_payments(plan: SalePlan, order: Order) -> list[PaymentTaken]:
    payments = take_payments(
        order_id=order.id,
        tenders=plan.tenders,
        currency=order.currency,
        register_id=order.register_id,
        employee_id=order.employee_id,
        at=order.placed_at,
        business_date=order.business_date,
    )
    flags = charge_tenders(tenders=plan.tenders, is_fact=plan.draft.placed_at is not None)
    if flags:
        order.flags = [*order.flags, *flags]
        Order.objects.filter(pk=order.pk).update(flags=order.flags)
    record_sale_cash(
        cash=[
            CashTaken(
                payment_id=tender.id,
                tendered_minor=tender.share.tendered_minor,
                change_minor=tender.share.change_minor,
            )
            for tender in plan.tenders
            if tender.terms.gives_change
        ],
        order_id=order.id,
        register_id=order.register_id,
        session_id=order.session_id,
        currency=order.currency,
        employee_id=order.employee_id,
        at=order.placed_at,
        business_date=order.business_date,
    )
    return payments
