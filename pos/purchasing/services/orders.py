"""Writing orders: drafts are made and changed until they are sent."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import PurchaseOrderChanged
from pos.inventory.errors import AlreadyDone
from pos.purchasing import states
from pos.purchasing.drafts import OrderDraft, OrderLineDraft
from pos.purchasing.errors import PurchaseIdConflict, UnknownGoods
from pos.purchasing.models import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierItem
from pos.purchasing.packs import Goods, check_amount, line_amount, size_in, stored
from pos.purchasing.queries.goods import goods_by_id
from pos.purchasing.queries.records import whole_order
from pos.purchasing.queries.states import order_state
from pos.purchasing.queries.suppliers import items_of, pack_price
from pos.purchasing.services.lifecycle import already_done, lock_order, note_step
from pos.purchasing.services.numbers import ORDERS, next_number
from pos.registers.models import Location


def create_order(*, draft: OrderDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Write a draft of an order. What lines do not say is taken from how the supplier sells.

    Raises `UnknownGoods`, `UnknownUnit`, `QuantityOutOfRange` with pointers, `PurchaseIdConflict`.
    """
    try:
        return run_transaction(partial(_create, draft, actor, at))
    except IntegrityError as error:
        if constraint(error).startswith("pos_purchaseorder"):
            raise PurchaseIdConflict("This id was used before.", pointer="/id") from error
        raise


def change_order(*, draft: OrderDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Replace what a draft says.

    Raises `NotFound`, `AlreadyDone` once it was sent or cancelled, `PurchaseIdConflict` for another order's line.
    """
    try:
        return run_transaction(partial(_change, draft, actor, at))
    except IntegrityError as error:
        if constraint(error).startswith("pos_purchaseorderline_pkey"):
            raise PurchaseIdConflict("An id of a line is another order's.", pointer="/lines") from error
        raise


def _create(draft: OrderDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        supplier, location = _parties(draft)
        order = PurchaseOrder(
            id=draft.id,
            supplier=supplier,
            location=location,
            currency=current_tenant().currency,
            expected_on=draft.expected_on,
            note=draft.note,
            created_at=at,
        )
        lines = _lines(order, draft)
        order.number = next_number(series=ORDERS)
        order.save(force_insert=True)
        PurchaseOrderLine.objects.bulk_create(lines)
        note_step(order, "created", actor=actor, at=at)
        return _told(order.pk, at)


def _change(draft: OrderDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        order = lock_order(order_id=draft.id)
        if order.state != states.DRAFT:
            raise _no_draft(order)
        order.supplier, order.location = _parties(draft)
        order.expected_on, order.note = draft.expected_on, draft.note
        lines = _lines(order, draft)
        order.save(force_update=True)
        order.lines.all().delete()
        PurchaseOrderLine.objects.bulk_create(lines)
        note_step(order, "changed", actor=actor, at=at)
        return _told(order.pk, at)


def _told(order_id: UUID, at: dt.datetime) -> dict[str, Any]:
    state = order_state(whole_order(order_id=order_id))
    append(PurchaseOrderChanged(entity_id=order_id, at=at, state=state))
    return state


def _no_draft(order: PurchaseOrder) -> AlreadyDone:
    last = order.steps.exclude(step__in=("created", "changed")).order_by("-at", "-id").first()
    if last is None:
        return AlreadyDone("It is no draft any more.", state=order.state, by="", at=None)
    return already_done(order, last)


def _parties(draft: OrderDraft) -> tuple[Supplier, Location]:
    supplier = Supplier.objects.filter(pk=draft.supplier_id).first()
    if supplier is None:
        raise UnknownGoods("There is no such supplier.", pointer="/supplier_id")
    location = Location.objects.filter(pk=draft.location_id).first()
    if location is None:
        raise UnknownGoods("There is no such location.", pointer="/location_id")
    return supplier, location


def _lines(order: PurchaseOrder, draft: OrderDraft) -> list[PurchaseOrderLine]:
    goods = goods_by_id(ids=[line.variant_id for line in draft.lines])
    sold = items_of(supplier_id=draft.supplier_id)
    rows = []
    for index, line in enumerate(draft.lines):
        known = goods.get(line.variant_id)
        if known is None:
            raise UnknownGoods("There is no such variant.", pointer=f"/lines/{index}/variant_id")
        rows.append(_line(order, index, line, known, sold.get(line.variant_id)))
    amounts = [line_amount(packs=row.packs, pack_price_minor=row.pack_price_minor) for row in rows]
    for index, amount in enumerate(amounts):
        check_amount(amount, pointer=f"/lines/{index}/pack_price_minor")
    check_amount(sum(amount or 0 for amount in amounts), pointer="/lines")
    return rows


def _line(
    order: PurchaseOrder, index: int, line: OrderLineDraft, goods: Goods, sold: SupplierItem | None
) -> PurchaseOrderLine:
    pointer = f"/lines/{index}"
    own_pack = line.pack_size is not None or line.pack_unit is not None
    pack = None if own_pack else sold
    unit = line.pack_unit or (pack.pack_unit if pack else goods.unit)
    size = line.pack_size or (pack.pack_size if pack else Decimal(1))
    price = line.pack_price_minor
    if price is None and pack is not None:
        price = pack_price(pack, packs=line.packs)
    one = size_in(quantity=size, unit=unit, goods=goods, pointer=f"{pointer}/pack_unit")
    row = PurchaseOrderLine(
        order=order,
        position=index,
        variant_id=goods.id,
        description=goods.name,
        sku=goods.sku,
        supplier_code=_first(line.supplier_code, sold.supplier_code if sold else ""),
        pack_name=_first(line.pack_name, pack.pack_name if pack else ""),
        packs=line.packs,
        pack_size=size,
        pack_unit=unit,
        pack_price_minor=price,
        quantity=stored(one * Fraction(line.packs), pointer=f"{pointer}/packs"),
        unit=goods.unit,
        note=line.note,
    )
    if line.id is not None:
        row.pk = line.id
    return row


def _first(said: str | None, otherwise: str) -> str:
    return otherwise if said is None else said
