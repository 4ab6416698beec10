"""Stock: movements are appended, levels are their sums, below zero is allowed."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum
from django.db.utils import IntegrityError

from fynlo.core.database import constraint
from fynlo.core.ids import new_id
from fynlo.core.models import HistoryIsAppendOnly
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.quantities import plain_quantity
from pos.inventory.services import StockChange, record_opening, record_sale
from tests.factories import LocationFactory, Shop

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 1)


def change(shop: Shop, name: str, quantity: str) -> StockChange:
    return StockChange(variant_id=shop.variants[name].id, quantity=Decimal(quantity), order_line_id=new_id())


def opening(shop: Shop, *changes: tuple[str, str]) -> dict[UUID, Decimal]:
    rows = [
        StockChange(variant_id=shop.variants[name].id, quantity=Decimal(quantity))
        for name, quantity in changes
    ]
    return record_opening(
        location_id=shop.location.id, changes=rows, employee_id=None, at=AT, business_date=DAY
    )


def sold(shop: Shop, *changes: StockChange, location_id: UUID | None = None) -> dict[UUID, Decimal]:
    levels = record_sale(
        order_id=new_id(),
        location_id=location_id or shop.location.id,
        changes=changes,
        employee_id=None,
        at=AT,
        business_date=DAY,
    )
    return {key: level.on_hand for key, level in levels.items()}


def test_levels_are_the_sums_of_their_movements(here: Shop, there: Shop) -> None:
    with tenant_context(here.tenant):
        opening(here, ("cheese", "2.5"), ("roll", "40"))
        sold(here, change(here, "cheese", "-0.335"), change(here, "roll", "-4"))
        told = sold(here, change(here, "cheese", "-0.000001"), change(here, "cheese", "-1"))
        assert told == {here.variants["cheese"].id: Decimal("1.164999")}
        sums = StockMovement.objects.values("variant").annotate(total=Sum("quantity"))
        levels = dict(StockLevel.objects.values_list("variant_id", "on_hand"))
        assert levels == {row["variant"]: row["total"] for row in sums}
    with tenant_context(there.tenant):
        assert not StockMovement.objects.exists()
        assert not StockLevel.objects.exists()


def test_a_level_may_fall_below_zero(here: Shop) -> None:
    with tenant_context(here.tenant):
        assert sold(here, change(here, "roll", "-3")) == {here.variants["roll"].id: Decimal(-3)}


def test_each_location_has_its_own_level(here: Shop) -> None:
    with tenant_context(here.tenant):
        stand = LocationFactory.create()
        sold(here, change(here, "roll", "-1"))
        sold(here, change(here, "roll", "-2"), location_id=stand.id)
        levels = StockLevel.objects.order_by("on_hand").values_list("location_id", "on_hand")
        assert list(levels) == [(stand.id, Decimal(-2)), (here.location.id, Decimal(-1))]


def test_what_was_there_at_the_start_is_recorded_once(here: Shop) -> None:
    with tenant_context(here.tenant):
        opening(here, ("roll", "40"), ("book", "0"))
        assert StockMovement.objects.count() == 1
        with pytest.raises(IntegrityError) as caught:
            opening(here, ("roll", "41"))
        assert constraint(caught.value) == "pos_stockmovement_one_opening"


def test_a_line_is_taken_from_the_shelf_once(here: Shop) -> None:
    line = change(here, "roll", "-1")
    with tenant_context(here.tenant):
        sold(here, line)
        with pytest.raises(IntegrityError) as caught:
            sold(here, line)
        assert constraint(caught.value) == "pos_stockmovement_once_per_line"


def test_nothing_sold_moves_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        assert sold(here) == {}
        assert not StockMovement.objects.exists()


def test_movements_are_never_changed(here: Shop) -> None:
    with tenant_context(here.tenant):
        sold(here, change(here, "roll", "-1"))
        movement = StockMovement.objects.get()
        movement.quantity = Decimal(-2)
        with pytest.raises(HistoryIsAppendOnly):
            movement.save()
        with pytest.raises(HistoryIsAppendOnly):
            StockMovement.objects.all().delete()


@pytest.mark.parametrize("count", [1, 3])
def test_a_sale_moves_stock_in_one_statement(here: Shop, count: int, django_assert_num_queries: Any) -> None:
    names = list(here.variants)[:count]
    with tenant_context(here.tenant):
        sold(here, change(here, "roll", "-1"))
        with django_assert_num_queries(1):
            sold(here, *(change(here, name, "-1") for name in names))


@pytest.mark.parametrize(
    ("stored", "plain"),
    [("2.000000", "2"), ("0.335000", "0.335"), ("-0.500000", "-0.5"), ("-2", "-2"), ("0.000000", "0")],
)
def test_quantities_are_written_plainly(stored: str, plain: str) -> None:
    assert plain_quantity(Decimal(stored)) == plain
