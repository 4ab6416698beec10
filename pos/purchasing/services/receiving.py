"""Receiving deliveries: the order's row decides who is first, the receipt's key who only says it twice.

Everything is in one transaction: the receipt, what was received of each line, the movements with what they are
worth, their settled costs, and the feed.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import GoodsReceived, PurchaseOrderReceived
from pos.inventory.quantities import plain_quantity
from pos.inventory.services.settling import settle
from pos.purchasing.arrivals import Arrival, Ordered, Part, arrival
from pos.purchasing.days import location_day
from pos.purchasing.drafts import ReceiptDraft, fingerprint
from pos.purchasing.errors import OtherLocation, PurchaseIdConflict, TimeAhead, UnknownGoods
from pos.purchasing.models import GoodsReceipt, GoodsReceiptLine, PurchaseOrder, PurchaseOrderLine, Supplier
from pos.purchasing.queries.goods import goods_by_id
from pos.purchasing.queries.records import whole_order, whole_receipt
from pos.purchasing.queries.states import order_state, receipt_state
from pos.purchasing.services.lifecycle import check_open, lock_order, note_step, walk
from pos.purchasing.services.numbers import RECEIPTS, next_number
from pos.purchasing.services.over_receipt import check_amounts
from pos.purchasing.services.received_stock import move_in
from pos.registers.models import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivery:
    """A delivery while it is written."""

    draft: ReceiptDraft
    order: PurchaseOrder | None
    lines: dict[UUID, PurchaseOrderLine]
    supplier: Supplier | None
    location: Location
    happened_at: dt.datetime
    arrivals: tuple[Arrival, ...]


def receive(*, draft: ReceiptDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record a delivery, of an order or bought on the spot, and return the receipt's whole state.

    The same draft again, from wherever, is answered with the receipt as it is. Raises `AlreadyDone` for what
    somebody else received before, `OverReceipt` for more than was ordered (an actor who may `stock.approve` can
    allow it), `PurchaseIdConflict`, `UnknownGoods`, `UnknownUnit`, `LotNeeded` and the other errors of lines.
    """
    try:
        return run_transaction(partial(_receive, draft, actor, at))
    except IntegrityError as error:
        if not constraint(error).startswith("pos_goodsreceipt_pkey"):
            raise
        before = received_before(draft)
        if before is None:
            raise
        return before


def received_before(draft: ReceiptDraft) -> dict[str, Any] | None:
    """The receipt this draft made before, if it did; raises `PurchaseIdConflict` if another one did."""
    known = GoodsReceipt.objects.filter(pk=draft.id).values_list("fingerprint", flat=True).first()
    if known is None:
        return None
    if known != fingerprint(draft):
        raise PurchaseIdConflict("Another delivery was received under this id.", pointer="/id")
    return receipt_state(whole_receipt(receipt_id=draft.id))


def _receive(draft: ReceiptDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        order = None if draft.order_id is None else lock_order(order_id=draft.order_id)
        before = received_before(draft)
        if before is not None:
            return before
        if order is not None:
            check_open(order)
        delivery = _understood(draft, order, actor, at)
        approved = check_amounts(
            arrivals=delivery.arrivals,
            lines=delivery.lines,
            order=order,
            is_approved=draft.approve_over_receipt,
            actor=actor,
        )
        receipt = _receipt_row(delivery, actor, at, approved=approved)
        rows = _line_rows(receipt, delivery.arrivals)
        receipt.save(force_insert=True)
        GoodsReceiptLine.objects.bulk_create(rows)
        if order is not None:
            _count_received(order, delivery, receipt, actor, at)
        places = move_in(receipt=receipt, rows=rows, arrivals=delivery.arrivals)
        settle(levels=places, at=at)
        state = receipt_state(whole_receipt(receipt_id=receipt.pk))
        append(GoodsReceived(entity_id=receipt.pk, at=at, state=state))
        if order is not None:
            told = order_state(whole_order(order_id=order.pk))
            append(PurchaseOrderReceived(entity_id=order.pk, at=at, state=told))
    return state


def _understood(draft: ReceiptDraft, order: PurchaseOrder | None, actor: Actor, at: dt.datetime) -> _Delivery:
    happened = draft.received_at or at
    if happened > at:
        raise TimeAhead("Nothing is received before it came.", pointer="/received_at")
    lines = {} if order is None else {line.pk: line for line in order.lines.all()}
    return _Delivery(
        draft=draft,
        order=order,
        lines=lines,
        supplier=order.supplier if order is not None else _supplier(draft),
        location=_location(draft, order, actor),
        happened_at=happened,
        arrivals=_arrivals(draft, lines),
    )


def _arrivals(draft: ReceiptDraft, lines: dict[UUID, PurchaseOrderLine]) -> tuple[Arrival, ...]:
    wanted = {each.variant_id for each in draft.lines if each.variant_id is not None}
    goods = goods_by_id(ids=wanted | {line.variant_id for line in lines.values()})
    found = []
    for index, said in enumerate(draft.lines):
        pointer = f"/lines/{index}"
        line = None if said.order_line_id is None else lines.get(said.order_line_id)
        if said.order_line_id is not None and line is None:
            raise UnknownGoods("The order has no such line.", pointer=f"{pointer}/order_line_id")
        if line is not None and said.variant_id not in (None, line.variant_id):
            raise UnknownGoods("The line is of another variant.", pointer=f"{pointer}/variant_id")
        key = line.variant_id if line is not None else said.variant_id
        known = None if key is None else goods.get(key)
        if known is None:
            raise UnknownGoods("There is no such variant.", pointer=f"{pointer}/variant_id")
        found.append(arrival(line=said, goods=known, ordered=_ordered(line), pointer=pointer))
    return tuple(found)


def _ordered(line: PurchaseOrderLine | None) -> Ordered | None:
    if line is None:
        return None
    return Ordered(
        id=line.pk,
        variant_id=line.variant_id,
        pack_name=line.pack_name,
        pack_size=line.pack_size,
        pack_unit=line.pack_unit,
        pack_price_minor=line.pack_price_minor,
    )


def _supplier(draft: ReceiptDraft) -> Supplier | None:
    if draft.supplier_id is None:
        return None
    found = Supplier.objects.filter(pk=draft.supplier_id).first()
    if found is None:
        raise UnknownGoods("There is no such supplier.", pointer="/supplier_id")
    return found


def _location(draft: ReceiptDraft, order: PurchaseOrder | None, actor: Actor) -> Location:
    if order is not None:
        if draft.location_id not in (None, order.location_id):
            raise OtherLocation("The order is for another location.", pointer="/location_id")
        return order.location
    key = draft.location_id or actor.location_id
    found = None if key is None else Location.objects.filter(pk=key).first()
    if found is None:
        raise UnknownGoods("Where it was received is needed.", pointer="/location_id")
    return found


def _receipt_row(delivery: _Delivery, actor: Actor, at: dt.datetime, *, approved: bool) -> GoodsReceipt:
    draft = delivery.draft
    return GoodsReceipt(
        id=draft.id,
        number=next_number(series=RECEIPTS),
        order=delivery.order,
        supplier=delivery.supplier,
        location=delivery.location,
        currency=current_tenant().currency,
        delivery_note=draft.delivery_note,
        note=draft.note,
        at=delivery.happened_at,
        business_date=location_day(delivery.location, delivery.happened_at),
        recorded_at=at,
        employee_id=actor.employee_id,
        by_name=actor.name,
        approved_by_id=(actor.employee_id or actor.id) if approved else None,
        fingerprint=fingerprint(draft),
    )


def _count_received(
    order: PurchaseOrder, delivery: _Delivery, receipt: GoodsReceipt, actor: Actor, at: dt.datetime
) -> None:
    """Add to what came of each line, and say what that makes of the order."""
    touched: set[UUID] = set()
    for each in delivery.arrivals:
        if each.ordered_id is not None:
            delivery.lines[each.ordered_id].received_quantity += each.quantity
            touched.add(each.ordered_id)
    for key in sorted(touched):
        delivery.lines[key].save(force_update=True, update_fields=["received_quantity"])
    is_all = not any(line.open_quantity for line in delivery.lines.values())
    walk(order, "receive_all" if is_all else "receive_part")
    if is_all:
        order.received_at = at
    order.save(force_update=True)
    note_step(order, "received", actor=actor, at=at, detail=receipt.number, document_id=receipt.pk)


def _line_rows(receipt: GoodsReceipt, arrivals: Sequence[Arrival]) -> list[GoodsReceiptLine]:
    return [
        GoodsReceiptLine(
            receipt=receipt,
            position=position,
            order_line_id=each.ordered_id,
            variant_id=each.goods.id,
            description=each.goods.name,
            stated_quantity=each.stated_quantity,
            stated_unit=each.stated_unit,
            quantity=each.quantity,
            unit=each.goods.unit,
            rejected_quantity=each.rejected_quantity,
            reject_reason=each.reject_reason,
            value_minor=each.value_minor,
            lots=[_lot(part) for part in each.parts if part.code],
        )
        for position, each in enumerate(arrivals)
    ]


def _lot(part: Part) -> dict[str, Any]:
    return {
        "code": part.code,
        "kind": part.kind,
        "quantity": plain_quantity(part.quantity),
        "expires_on": None if part.expires_on is None else part.expires_on.isoformat(),
    }
