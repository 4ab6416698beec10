"""Shelves to count: sales and deliveries at a minute of the morning, and counts by several people."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from pos.inventory.count_drafts import CountDraft, CountScope, EntryDraft
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.services.count_closing import close_count
from pos.inventory.services.count_entering import enter
from pos.inventory.services.count_opening import open_count
from pos.inventory.services.count_submitting import submit_count
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle
from tests.factories import Shop

DAY = dt.date(2026, 3, 1)


def at(clock: str) -> dt.datetime:
    """A time of the first of March, UTC: `10:05` or `10:05:30`."""
    return dt.datetime.combine(DAY, dt.time.fromisoformat(clock), dt.UTC)


def moved(
    shop: Shop,
    name: str,
    quantity: str,
    clock: str,
    *,
    kind: str = StockMovement.SALE,
    worth: str | None = None,
    lot_id: UUID | None = None,
    recorded: str | None = None,
) -> None:
    """Something came or went; `worth` is its value if that was stated, `recorded` when the server heard of it."""
    cause = Cause(
        kind=kind,
        location_id=shop.location.id,
        at=at(clock),
        business_date=DAY,
        recorded_at=at(recorded or clock),
    )
    change = StockChange(
        variant_id=shop.variants[name].id,
        quantity=Decimal(quantity),
        value_minor=None if worth is None else Decimal(worth),
        lot_id=lot_id,
    )
    with unit_of_work():
        record_movements(cause=cause, changes=[change])
        settle(levels=[(shop.location.id, change.variant_id)], at=cause.recorded_at)


def stocked(shop: Shop, **quantities: str) -> None:
    """What was on the shelves at eight, bought for 100 minor units each."""
    for name, quantity in quantities.items():
        worth = str(Decimal(quantity) * 100)
        moved(shop, name, quantity, "08:00", kind=StockMovement.PURCHASE, worth=worth)


def counter(shop: Shop, name: str = "Ann", **changes: Any) -> Actor:
    """Somebody who counts."""
    return shop.actor(name=name, **changes)


def approver(shop: Shop, name: str = "Mia") -> Actor:
    """Somebody who may approve."""
    actor = shop.actor(name=name)
    return shop.actor(name=name, permissions=actor.permissions | {"stock.approve", "stock.move"})


def opened(shop: Shop, *, kind: str = "spot", clock: str = "09:00", **facts: Any) -> UUID:
    """A count that was opened."""
    scope = facts.pop("scope", CountScope())
    draft = CountDraft(kind=kind, location_id=shop.location.id, scope=scope, **facts)
    open_count(draft=draft, actor=counter(shop), at=at(clock))
    return draft.id


def entry(shop: Shop, name: str, quantity: str, clock: str, **facts: Any) -> EntryDraft:
    """So much was counted at a time."""
    values: dict[str, Any] = {"id": new_id(), "variant_id": shop.variants[name].id} | facts
    return EntryDraft(quantity=Decimal(quantity), counted_at=at(clock), **values)


def counted(shop: Shop, count_id: UUID, *entries: EntryDraft, by: str = "Ann", clock: str = "18:00") -> Any:
    """Enter what was counted; the server hears of it at `clock`."""
    return enter(count_id=count_id, drafts=entries, actor=counter(shop, by), at=at(clock))


def submitted(shop: Shop, count_id: UUID, *, uncounted: str = "leave", clock: str = "18:30") -> Any:
    """Counting ends."""
    return submit_count(count_id=count_id, uncounted=uncounted, actor=counter(shop), at=at(clock))


def closed(shop: Shop, count_id: UUID, *, uncounted: str = "leave", clock: str = "19:00") -> Any:
    """Counting ends, and somebody approves."""
    submitted(shop, count_id, uncounted=uncounted)
    return close_count(count_id=count_id, actor=approver(shop), at=at(clock))


def on_hand(shop: Shop, name: str) -> Decimal:
    """What the level says."""
    level = StockLevel.objects.get(variant=shop.variants[name], location=shop.location)
    return Decimal(level.on_hand)


def movements(shop: Shop, name: str, *, kind: str = StockMovement.COUNT) -> list[tuple[str, str]]:
    """Quantities and times of movements of a kind, in the order they happened."""
    rows = StockMovement.objects.filter(variant=shop.variants[name], kind=kind).order_by("at", "id")
    return [(f"{row.quantity.normalize():f}", f"{row.at:%H:%M}") for row in rows]
