"""Cancelling an order: nothing of it is owed any more, its goods come back, are thrown away, or were never made."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.gateways.errors import PaymentOutcomeUnknown
from payments.gateways.sentences import sentence
from payments.gateways.services.withdrawing import let_go_of, undecided, withdraw_attempts
from pos.events import OrderCancelled
from pos.orders import states
from pos.orders.changing import RESTOCK
from pos.orders.documents import WholeOrder
from pos.orders.journaling import cancel_entry
from pos.orders.queries import whole_order
from pos.orders.services.approving import VOID
from pos.orders.services.opened import (
    OpenOrder,
    lock_order,
    note_change,
    register_of,
    save_order,
    tell,
)
from pos.orders.services.reasons import check_reason
from pos.orders.services.ticket_books import book_difference, give_goods_back
from pos.orders.services.withdrawing import bare, journal
from pos.orders.states import walk
from pos.registers.numbers import take_numbers
from staff.access.services.approvals import Approver, approver_for


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelDraft:
    """Why an order is cancelled, and where its goods go (`pos.orders.changing.GOODS`)."""

    reason: str
    goods: str = RESTOCK
    approval: str | None = None


def cancel_order(*, order_id: UUID, draft: CancelDraft, actor: Actor, at: dt.datetime) -> WholeOrder:
    """Cancel the order and return it whole; one that is cancelled already is answered as it is.

    A ticket moves nothing; of a placed order the books are brought to nothing. What was paid is given back first:
    `IllegalTransition`. What readers and links ask for is let go after COMMIT; while nobody knows whether something
    was taken, or it was and is not put to the order yet, `PaymentOutcomeUnknown`. Raises `NotFound`,
    `OtherLocation`, `ReasonNeeded`, `ApprovalRequired`, `ApprovalInvalid`.
    """
    check_reason(kind="cancel", reason=draft.reason, needed=True, pointer="/reason")
    return run_transaction(partial(_cancel, order_id, draft, actor, at))


def _cancel(order_id: UUID, draft: CancelDraft, actor: Actor, at: dt.datetime) -> WholeOrder:
    with unit_of_work():
        take_numbers(register_id=register_of(order_id, actor))
        opened = lock_order(order_id=order_id, actor=actor, at=at)
        if opened.order.fulfilment_state == states.CANCELLED:
            return whole_order(order_id=order_id)
        was_placed = opened.is_placed
        before = opened.order.fulfilment_state
        walk(opened.order, "cancel")
        _check_decided(order_id)
        approver = _approver(opened, draft) if was_placed else None
        if was_placed:
            _take_back(opened, draft)
        _journal(opened, draft, approver)
        order = opened.order
        order.cancelled_at, order.cancel_reason, order.draft = at, draft.reason, None
        note_change(
            opened,
            kind="cancel",
            before={"state": before},
            after={"state": order.fulfilment_state, "goods": draft.goods if was_placed else None},
            reason=draft.reason,
            approver=approver,
        )
        whole = save_order(opened)
        _withdraw(opened)
        tell(OrderCancelled, whole, at=at)
    return whole


def _check_decided(order_id: UUID) -> None:
    """The order is locked, so nothing more is asked for; what is asked for already has to be known."""
    waiting = undecided(order_id=order_id)
    if waiting is not None:
        told = sentence(waiting, language=current_tenant().language)
        raise PaymentOutcomeUnknown(told, attempt_id=str(waiting.pk), state=waiting.state)


def _withdraw(opened: OpenOrder) -> None:
    """Readers and links stop asking: said with the cancellation, done after COMMIT, else by the sweep."""
    by = opened.actor.name
    keys = withdraw_attempts(
        order_id=opened.order.id, why="The order was cancelled.", by=by, at=opened.heard_at
    )
    if keys:
        let_go = partial(let_go_of, attempt_ids=keys, by=by, at=opened.heard_at)
        transaction.on_commit(let_go, robust=True)


def _approver(opened: OpenOrder, draft: CancelDraft) -> Approver | None:
    return approver_for(
        actor=opened.actor,
        limit="void_minor",
        permission=VOID,
        token=draft.approval,
        action="cancel",
        subject_id=opened.order.id,
        at=opened.at,
        amount_minor=opened.order.total_minor,
    )


def _take_back(opened: OpenOrder, draft: CancelDraft) -> None:
    """The goods of every line that was not voided, and what the books have of the order."""
    parts = [(line, line.quantity) for line in opened.lines.values() if line.voided_at is None]
    give_goods_back(opened, return_id=new_id(), parts=parts, goods=draft.goods, reason=draft.reason)
    book_difference(opened, basket=None)


def _journal(opened: OpenOrder, draft: CancelDraft, approver: Approver | None) -> None:
    entry = cancel_entry(
        bare(opened),
        reason=draft.reason,
        goods=draft.goods,
        employee=opened.actor.name if opened.actor.employee_id else "",
        approver="" if approver is None else approver.name,
        at=opened.at,
        business_date=opened.business_date,
    )
    journal(opened, [entry])
