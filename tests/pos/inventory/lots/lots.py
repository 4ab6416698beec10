"""A shop whose rolls have lots and whose books have serials, and short ways to receive and sell them."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.inventory.models import StockItem, StockLotLevel, StockMovement
from pos.inventory.services.lots import LotReceipt, ensure_lots
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.orders.models import Order
from pos.orders.services import place_order
from tests.factories import Shop
from tests.pos.orders.drafts import cash, sale, sold

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 1)


def track(shop: Shop, **kinds: str) -> None:
    """How pieces of the shop's items are told apart: `roll="lot"`, `book="serial"`."""
    with tenant_context(shop.tenant):
        for name, kind in kinds.items():
            StockItem.objects.update_or_create(
                item_id=shop.variants[name].item_id, defaults={"tracking": kind}
            )


def receive(
    shop: Shop,
    name: str,
    *lots: tuple[str, str, dt.date | None],
    location_id: UUID | None = None,
    at: dt.datetime = AT,
) -> dict[str, UUID]:
    """Lots (code, quantity, last day) come in; their keys by code."""
    variant_id, place = shop.variants[name].id, location_id or shop.location.id
    cause = Cause(
        kind=StockMovement.PURCHASE,
        location_id=place,
        at=at,
        business_date=at.date(),
        recorded_at=at,
        document_id=new_id(),
    )
    with tenant_context(shop.tenant), unit_of_work():
        keys = ensure_lots(
            location_id=place,
            receipts=[
                LotReceipt(variant_id=variant_id, code=code, expires_on=expires) for code, _, expires in lots
            ],
            variant_ids=[variant_id],
            at=at,
            received_on=at.date(),
        )
        changes = [
            StockChange(variant_id=variant_id, quantity=Decimal(quantity), lot_id=keys[variant_id, code])
            for code, quantity, _ in lots
        ]
        record_movements(cause=cause, changes=changes)
    return {code: key for (_, code), key in keys.items()}


def sell(shop: Shop, *lines: tuple[str, str, dict[str, Any]], register: Any = None, **said: Any) -> Order:
    """One sale of (variant, quantity, what its code said); the order as it is kept."""
    drafts = [sold(shop, name, quantity, **stated) for name, quantity, stated in lines]
    draft = sale(*drafts, tenders=(cash(shop, 100_000),), **said)
    with tenant_context(shop.tenant):
        place_order(draft=draft, actor=shop.actor(register=register), at=AT)
        order: Order = Order.objects.get(pk=draft.id)
    return order


def left(shop: Shop, location_id: UUID | None = None) -> dict[str, str]:
    """What is on hand of each lot, by code."""
    with tenant_context(shop.tenant):
        levels = StockLotLevel.objects.select_related("lot").filter(
            location_id=location_id or shop.location.id
        )
        return {level.lot.code: str(level.on_hand.normalize()) for level in levels.order_by("lot__code")}


def moved(shop: Shop, order: Order) -> list[tuple[str | None, str, bool]]:
    """What a sale took: (lot, quantity, whether it was inferred), in the order it was recorded."""
    with tenant_context(shop.tenant):
        codes = dict(StockLotLevel.objects.values_list("lot_id", "lot__code"))
        rows = StockMovement.objects.filter(order_id=order.id).order_by("pk")
        return [(codes.get(row.lot_id), str(row.quantity.normalize()), row.is_lot_inferred) for row in rows]


def codes(order: Order) -> list[tuple[str, str]]:
    """The flags of an order that speak of lots: (code, pointer)."""
    told = ("unknown_lot", "serial_sold_before")
    return [(flag["code"], flag["pointer"]) for flag in order.flags if flag["code"] in told]
