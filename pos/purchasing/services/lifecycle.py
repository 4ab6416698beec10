"""The steps of an order: who may be first is decided by the order's row, everybody else is told who was."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.database import run_transaction
from fynlo.core.errors import NotFound
from fynlo.core.locks import lock_rows
from fynlo.core.states import IllegalTransition
from fynlo.events.log import append, unit_of_work
from pos.events import (
    PurchaseOrderCancelled,
    PurchaseOrderConfirmed,
    PurchaseOrderReceived,
    PurchaseOrderSent,
)
from pos.inventory.errors import AlreadyDone
from pos.inventory.models import StockHead
from pos.purchasing import states
from pos.purchasing.days import location_day
from pos.purchasing.drafts import Confirmation
from pos.purchasing.errors import UnknownGoods
from pos.purchasing.models import PurchaseOrder, PurchaseOrderLine, PurchaseOrderStep
from pos.purchasing.queries.records import whole_order
from pos.purchasing.queries.states import order_state

_SAID: Final = {
    "send": "sent",
    "confirm": "confirmed",
    "cancel": "cancelled",
    "close": "closed",
    "receive_part": "received",
    "receive_all": "received",
}


def send_order(*, order_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Say that a draft was ordered; it is expected after the supplier's lead time unless somebody said when."""
    return run_transaction(partial(_send, order_id, actor, at))


def confirm_order(
    *, order_id: UUID, confirmation: Confirmation, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Note the supplier's answer: its number, and what will come of each line and when.

    Raises `UnknownGoods` for a line of another order.
    """
    return run_transaction(partial(_confirm, order_id, confirmation, actor, at))


def cancel_order(*, order_id: UUID, reason: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Give an order up of which nothing came."""
    return run_transaction(partial(_end, order_id, "cancel", reason, actor, at))


def close_order(*, order_id: UUID, reason: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Say that the rest of a partly received order is not coming."""
    return run_transaction(partial(_end, order_id, "close", reason, actor, at))


def lock_order(*, order_id: UUID) -> PurchaseOrder:
    """The order's row, locked until COMMIT; raises `NotFound`. It comes before all stock."""
    found = lock_rows(PurchaseOrder.objects.select_related("supplier", "location"), [order_id])
    if not found:
        raise NotFound("There is no such purchase order.")
    return found[0]


def walk(order: PurchaseOrder, event: str) -> None:
    """Move a locked order on; raises `AlreadyDone` where somebody did the same before, else `IllegalTransition`."""
    try:
        order.state = states.ORDER.after(order.state, event)
    except IllegalTransition:
        before = order.steps.filter(step=_SAID[event]).order_by("-at", "-id").first()
        if before is None:
            raise
        raise already_done(order, before) from None


def check_open(order: PurchaseOrder) -> None:
    """Raise unless something of a locked order may come: `AlreadyDone` where all has, else `IllegalTransition`."""
    try:
        states.ORDER.after(order.state, "receive_part")
    except IllegalTransition:
        done = ("received", "closed", "cancelled")
        before = order.steps.filter(step__in=done).order_by("-at", "-id").first()
        if before is None:
            raise
        raise already_done(order, before) from None


def already_done(order: PurchaseOrder, step: PurchaseOrderStep, *, pointer: str | None = None) -> AlreadyDone:
    """Who did what to the order, and when."""
    who = step.by_name or "Somebody"
    return AlreadyDone(
        f"{who} has {step.step.replace('_', ' ')} {order.number} at {rfc3339(step.at)}.",
        pointer=pointer,
        by=step.by_name,
        at=rfc3339(step.at),
        state=order.state,
    )


def note_step(
    order: PurchaseOrder,
    step: str,
    *,
    actor: Actor,
    at: dt.datetime,
    detail: str = "",
    document_id: UUID | None = None,
) -> None:
    """Append a step to an order's history."""
    PurchaseOrderStep.objects.create(
        order=order,
        step=step,
        state=order.state,
        at=at,
        employee_id=actor.employee_id,
        by_name=actor.name,
        detail=detail,
        document_id=document_id,
    )


def _send(order_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        order = lock_order(order_id=order_id)
        walk(order, "send")
        order.sent_at = at
        if order.expected_on is None:
            days = order.supplier.lead_time_days
            order.expected_on = location_day(order.location, at) + dt.timedelta(
                days=_default_lead_time() if days is None else days
            )
        order.save(force_update=True)
        note_step(order, "sent", actor=actor, at=at)
        state = order_state(whole_order(order_id=order_id))
        append(PurchaseOrderSent(entity_id=order_id, at=at, state=state))
    return state


def _confirm(order_id: UUID, confirmation: Confirmation, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        order = lock_order(order_id=order_id)
        walk(order, "confirm")
        order.confirmed_at = at
        order.supplier_reference = confirmation.supplier_reference or order.supplier_reference
        order.expected_on = confirmation.expected_on or order.expected_on
        order.save(force_update=True)
        _confirm_lines(order, confirmation)
        note_step(order, "confirmed", actor=actor, at=at, detail=confirmation.supplier_reference)
        state = order_state(whole_order(order_id=order_id))
        append(PurchaseOrderConfirmed(entity_id=order_id, at=at, state=state))
    return state


def _confirm_lines(order: PurchaseOrder, confirmation: Confirmation) -> None:
    known: Mapping[UUID, PurchaseOrderLine] = {line.pk: line for line in order.lines.all()}
    for index, said in enumerate(confirmation.lines):
        line = known.get(said.line_id)
        if line is None:
            raise UnknownGoods("This order has no such line.", pointer=f"/lines/{index}/line_id")
        line.confirmed_quantity, line.confirmed_on = said.quantity, said.expected_on
        line.save(force_update=True)


def _end(order_id: UUID, event: str, reason: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        order = lock_order(order_id=order_id)
        walk(order, event)
        if event == "cancel":
            order.cancelled_at = at
        else:
            order.received_at = at
        order.save(force_update=True)
        note_step(order, _SAID[event], actor=actor, at=at, detail=reason)
        state = order_state(whole_order(order_id=order_id))
        kind = PurchaseOrderCancelled if event == "cancel" else PurchaseOrderReceived
        append(kind(entity_id=order_id, at=at, state=state))
    return state


def _default_lead_time() -> int:
    found = StockHead.objects.values_list("default_lead_time_days", flat=True).first()
    return 7 if found is None else int(found)
