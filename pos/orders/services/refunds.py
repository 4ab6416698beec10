"""Giving money back: one transaction. What is left is read before it; the tables refuse what somebody took first.

Two refunds of one order, wherever they are made, number themselves by what they saw (`pos_refund_once`), and so
does each part of a line and of a payment. Whoever loses looks again: less is left by then, or nothing.
"""

import datetime as dt
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import DomainError, NotFound
from fynlo.core.ids import new_id
from fynlo.core.inserts import insert_rows
from fynlo.core.locks import lock_rows
from fynlo.events.log import append, unit_of_work
from payments.credit.models import HouseAccount
from payments.credit.services import hold_values
from pos.events import OrderRefunded
from pos.inventory.models import Reservation
from pos.orders import states
from pos.orders.documents import order_document
from pos.orders.errors import OrderMoved, PaymentIdConflict, RefundIdConflict, RefundOvertaken
from pos.orders.models import Order, OrderChange, Refund
from pos.orders.queries import whole_order
from pos.orders.queries.refunds import refund_document as kept_document
from pos.orders.refund_drafts import RefundDraft
from pos.orders.refund_policy import refund_policy
from pos.orders.services.late_refunds import closed_session_of, record_late_refund
from pos.orders.services.refund_approvals import Asked, answer_for
from pos.orders.services.refund_plan import RefundPlan, plan_refund
from pos.orders.services.refund_rows import Exchanged, Facts, line_rows, refund_row
from pos.orders.services.refund_writing import Written, write_refund
from pos.registers.numbers import take_numbers
from staff.access.services.approvals import Approver

ATTEMPTS: Final = 5
GUARDS: Final = ("pos_refund_pkey", "pos_refund_once", "pos_refundline_once", "payments_refund_once")
"""Constraints that say that somebody else was first. Compared by prefix: shards append to their names."""


def refund_order(*, draft: RefundDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Give back goods of an order, or money of it, and return the refund's document. `at` is now.

    The same draft again, from whichever till, is the same refund. Raises `RefundIdConflict` for another one under
    its id, `IllegalTransition` for an order of which nothing was paid or all is back, `ApprovalRequired` for a
    question beyond the actor's limits, `OrderMoved` and `RefundOvertaken` when others kept changing the order or
    giving back of it, and the errors of `plan_refund`.
    """
    for attempt in range(1, ATTEMPTS + 1):
        known = refund_before(draft_id=draft.id, digest=draft.digest)
        if known is not None:
            return known
        try:
            plan = plan_refund(draft=draft, actor=actor, at=at)
            return run_transaction(partial(_write, plan))
        except OrderMoved:
            if attempt == ATTEMPTS:
                raise
        except IntegrityError as error:
            if constraint(error).startswith("payments_refund_pkey"):
                detail = "Ids are made once and never used again."
                raise PaymentIdConflict(detail, pointer="/tenders") from error
            if not constraint(error).startswith(GUARDS):
                raise
            if attempt == ATTEMPTS:
                raise RefundOvertaken from error
        except DomainError:
            # A twin of this request may have been faster: then nothing is left to give back, and it is done.
            known = refund_before(draft_id=draft.id, digest=draft.digest)
            if known is None:
                raise
            return known
    raise AssertionError("unreachable")


def refund_before(*, draft_id: UUID, digest: str) -> dict[str, Any] | None:
    """The refund with this id as it was answered; None before there is one. Raises `RefundIdConflict`."""
    kept = Refund.objects.filter(pk=draft_id).values_list("digest", flat=True).first()
    if kept is None:
        return None
    if kept != digest:
        raise RefundIdConflict("A refund with this id and other content was made before.", pointer="/id")
    return kept_document(refund_id=draft_id)


def _write(plan: RefundPlan) -> dict[str, Any]:
    with unit_of_work():
        return refund_in_unit(plan).document


def refund_in_unit(plan: RefundPlan, *, exchanged: Exchanged | None = None) -> Written:
    """Write a planned refund inside the caller's unit of work: register, order, money, goods, books, feed.

    What an exchange sells for it afterwards is locked along with it, each kind of rows in its turn.
    """
    total = plan.amounts_back.amounts.total_minor
    numbers = take_numbers(
        register_id=plan.place.id, receipts=1, refunded_minor=total, drawer_id=plan.draft.drawer_id
    )
    order = _locked(plan)
    if exchanged is not None:
        _hold(plan, exchanged)
    approver, flags = answer_for(
        Asked(
            actor=plan.actor,
            amount_minor=plan.amount_minor,
            token=plan.draft.approval,
            subject_id=order.id,
            at=plan.recorded_at,
            is_fact=plan.draft.at is not None,
            sold_on=order.business_date,
            refunded_on=plan.business_date,
        ),
        refund_policy(),
    )
    _step(plan, order, approver)
    late = closed_session_of(
        stated=plan.draft.at, happened=plan.at, register_id=plan.place.id, numbers=numbers
    )
    facts = Facts(
        number=numbers.receipt_number,
        drawer_id=numbers.drawer_id,
        session_id=numbers.session_id if late is None else late.session_id,
        approver=approver,
        flags=tuple(flags),
        exchange_order_id=None if exchanged is None else exchanged.order_id,
        digest=plan.draft.digest if exchanged is None else exchanged.digest,
        sold_next=frozenset() if exchanged is None else exchanged.variant_ids,
    )
    written = write_refund(plan, facts, refund=refund_row(plan, facts), lines=line_rows(plan))
    if late is not None:
        record_late_refund(whole=written.whole, money=plan.money, late=late)
    state = {"refund": written.document, "order": order_document(whole_order(order_id=order.id))}
    append(OrderRefunded(entity_id=order.id, at=plan.at, state=state))
    return written


def _locked(plan: RefundPlan) -> Order:
    """The order's row until COMMIT. Raises `OrderMoved` if it was paid, changed or cancelled since it was read."""
    order = (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .defer("explanation", "draft")
        .filter(pk=plan.order.pk)
        .first()
    )
    if order is None:
        raise NotFound("There is no such order.")
    names = ("total_minor", "tip_minor", "paid_minor", "fulfilment_state", "receipt_number")
    if any(getattr(order, name) != getattr(plan.order, name) for name in names):
        raise OrderMoved(retry_after=1)
    return order  # type: ignore[no-any-return]  # of this model


def _hold(plan: RefundPlan, exchanged: Exchanged) -> None:
    """Lock the house accounts and gift cards of both, and the reservation of what is sold, before any goods."""
    houses = {row.house.id for row in plan.money.rows if row.house is not None}
    houses |= exchanged.house_account_ids
    if houses:
        found = HouseAccount.objects.filter(pk__in=houses).order_by("pk")
        list(found.select_for_update(no_key=True).values_list("pk"))
    cards = {row.value.id for row in plan.money.rows if row.value is not None}
    hold_values(account_ids=cards | exchanged.value_ids, register_id=plan.place.id)
    if exchanged.reservation_id is not None:
        lock_rows(Reservation.objects.all(), [exchanged.reservation_id])


def _step(plan: RefundPlan, order: Order, approver: Approver | None) -> None:
    """The step in the order's life, kept in its history."""
    before = {"payment_state": order.payment_state, "refunded_minor": order.refunded_minor}
    refunded = order.refunded_minor + plan.amount_minor
    states.walk(order, "refund_all" if refunded >= order.paid_minor else "refund_part")
    order.refunded_minor = refunded
    order.revision += 1
    order.save(
        force_update=True, update_fields=["payment_state", "fulfilment_state", "refunded_minor", "revision"]
    )
    actor = plan.actor
    after = {
        "payment_state": order.payment_state,
        "refunded_minor": refunded,
        "refund_id": str(plan.draft.id),
    }
    change = OrderChange(
        id=new_id(),
        order_id=order.id,
        revision=order.revision,
        kind="refund",
        before=before,
        after=after,
        reason=plan.draft.reason,
        device_id=actor.device_id,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.employee_id else "",
        approver_id=None if approver is None else approver.id,
        approver_name="" if approver is None else approver.name,
        at=plan.at,
        business_date=plan.business_date,
    )
    insert_rows([change])
