"""Stock moved by hand in tests of settling: short hands around the one writer."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.services import Cause, StockChange, record_movements
from pos.inventory.services.settling import Settled, settle
from tests.factories import Shop

DAY = dt.date(2026, 3, 1)


def hour(number: float) -> dt.datetime:
    """That hour of the first of March."""
    return dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(hours=number)


def move(
    shop: Shop,
    kind: str,
    quantity: str,
    *,
    at: float,
    value: str | None = None,
    name: str = "roll",
    location_id: UUID | None = None,
    original: StockMovement | None = None,
    document_id: UUID | None = None,
    order_line_id: UUID | None = None,
    recorded_at: float | None = None,
) -> StockMovement:
    """One movement of `name`, recorded but not settled yet."""
    change = StockChange(
        variant_id=shop.variants[name].id,
        quantity=Decimal(quantity),
        value_minor=None if value is None else Decimal(value),
        original_id=original.id if original else None,
        order_line_id=order_line_id,
    )
    cause = Cause(
        kind=kind,
        location_id=location_id or shop.location.id,
        at=hour(at),
        business_date=DAY,
        recorded_at=hour(at if recorded_at is None else recorded_at),
        document_id=document_id or new_id(),
    )
    with unit_of_work():
        record_movements(cause=cause, changes=[change])
    return (
        StockMovement.objects.exclude(kind="revaluation", original__isnull=True).latest("id")
        if kind != ("revaluation")
        else StockMovement.objects.filter(kind="revaluation").latest("id")
    )


def settled(shop: Shop, *names: str, at: float = 24, location_id: UUID | None = None) -> Settled:
    """Settle these at one location."""
    place = location_id or shop.location.id
    with unit_of_work():
        return settle(levels=[(place, shop.variants[name].id) for name in names or ("roll",)], at=hour(at))


def worth(movement: StockMovement) -> Decimal:
    """A movement's value with everything that corrected it."""
    rows = StockMovement.objects.filter(original=movement, kind="revaluation")
    return movement.value_minor + (rows.aggregate(total=Sum("value_minor"))["total"] or 0)


def level(shop: Shop, name: str = "roll", location_id: UUID | None = None) -> StockLevel:
    """The level of `name`."""
    return StockLevel.objects.get(variant=shop.variants[name], location_id=location_id or shop.location.id)


def adds_up(levels: Iterable[StockLevel] | None = None) -> bool:
    """Whether every level is the sum of its movements, in quantity and in value."""
    for each in levels or StockLevel.objects.all():
        sums = StockMovement.objects.filter(variant_id=each.variant_id, location_id=each.location_id)
        found = sums.aggregate(quantity=Sum("quantity"), value=Sum("value_minor"))
        if (each.on_hand, each.value_minor) != (found["quantity"], found["value"]):
            return False
    return True
