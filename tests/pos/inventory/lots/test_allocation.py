"""Lots at a sale: first expiring first out, as stated where somebody says, and never in the way of a sale."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.inventory.errors import ForeignLot
from pos.inventory.models import StockItem, StockLevel, StockLot, StockLotLevel, StockMovement
from pos.inventory.services.lots import StatedLot, allocate
from pos.inventory.services.movements import Cause, StockChange, record_movements
from tests.factories import LocationFactory, Shop
from tests.pos.inventory.lots.lots import AT, DAY, codes, left, moved, receive, sell, track

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery(here: Shop) -> Shop:
    """The café, with lots of rolls and serials of books."""
    track(here, roll="lot", book="serial")
    return here


def day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


def test_the_first_to_expire_is_taken_first_and_one_line_takes_several_lots(bakery: Shop) -> None:
    receive(bakery, "roll", ("NODATE", "5", None), ("LATE", "4", day(20)), ("SOON", "3", day(5)))
    order = sell(bakery, ("roll", "9", {}))
    assert moved(bakery, order) == [("SOON", "-3", True), ("LATE", "-4", True), ("NODATE", "-2", True)]
    assert left(bakery) == {"LATE": "0", "NODATE": "3", "SOON": "0"}


def test_what_was_stated_is_used_as_stated_and_the_rest_is_inferred_without_it(bakery: Shop) -> None:
    receive(bakery, "roll", ("SOON", "3", day(5)), ("LATE", "4", day(20)))
    order = sell(bakery, ("roll", "2", {}), ("roll", "2", {"lot": "SOON"}))
    assert moved(bakery, order) == [("SOON", "-1", True), ("LATE", "-1", True), ("SOON", "-2", False)]
    assert left(bakery) == {"LATE": "3", "SOON": "0"}
    assert codes(order) == []


def test_what_no_lot_is_left_of_is_sold_without_one(bakery: Shop) -> None:
    receive(bakery, "roll", ("A", "2", None))
    order = sell(bakery, ("roll", "5", {}))
    assert moved(bakery, order) == [("A", "-2", True), (None, "-3", False)]
    assert left(bakery) == {"A": "0"}
    with tenant_context(bakery.tenant):
        assert StockLevel.objects.get().on_hand == Decimal(-3)


def test_a_stated_lot_may_fall_below_zero(bakery: Shop) -> None:
    receive(bakery, "roll", ("A", "2", None))
    order = sell(bakery, ("roll", "3", {"lot": "A"}))
    assert moved(bakery, order) == [("A", "-3", False)]
    assert left(bakery) == {"A": "-1"}


def test_a_lot_nobody_received_is_made_known_by_its_sale_and_flagged(bakery: Shop) -> None:
    order = sell(bakery, ("roll", "1", {}), ("roll", "2", {"lot": "X1", "use_by": day(9)}))
    assert codes(order) == [("unknown_lot", "/lines/1/lot")]
    assert left(bakery) == {"X1": "-2"}
    with tenant_context(bakery.tenant):
        assert StockLot.objects.values_list("code", "kind", "expires_on", "received_at").get() == (
            "X1",
            "lot",
            day(9),
            None,
        )
    receive(bakery, "roll", ("X1", "10", None))
    assert left(bakery) == {"X1": "8"}
    assert codes(sell(bakery, ("roll", "1", {"lot": "X1"}))) == []


def test_a_serial_is_one_piece_and_never_guessed(bakery: Shop) -> None:
    receive(bakery, "book", ("S1", "1", None), ("S2", "1", None))
    order = sell(bakery, ("book", "2", {"serial": "S2", "lot": "B7"}), ("book", "1", {}))
    assert moved(bakery, order) == [("S2", "-1", False), (None, "-1", False), (None, "-1", False)]
    assert left(bakery) == {"S1": "1", "S2": "0"}


def test_a_serial_sold_twice_is_flagged_the_second_time(bakery: Shop) -> None:
    receive(bakery, "book", ("S1", "1", None))
    assert codes(sell(bakery, ("book", "1", {"serial": "S1"}))) == []
    again = sell(bakery, ("book", "1", {"serial": "S1"}), ("book", "1", {"serial": "S1"}))
    assert codes(again) == [
        ("serial_sold_before", "/lines/0/serial"),
        ("serial_sold_before", "/lines/1/serial"),
    ]
    assert left(bakery) == {"S1": "-2"}


def test_a_serial_that_came_back_may_be_sold_again(bakery: Shop) -> None:
    keys = receive(bakery, "book", ("S1", "1", None))
    order = sell(bakery, ("book", "1", {"serial": "S1"}))
    with tenant_context(bakery.tenant), unit_of_work():
        out = StockMovement.objects.get(order_id=order.id)
        back = StockChange(
            variant_id=out.variant_id,
            quantity=Decimal(1),
            lot_id=keys["S1"],
            original_id=out.id,
            original_quantity=out.quantity,
            reversed_before=Decimal(0),
        )
        record_movements(cause=cause(bakery, StockMovement.RETURN), changes=[back])
    assert left(bakery) == {"S1": "1"}
    assert codes(sell(bakery, ("book", "1", {"serial": "S1"}))) == []


def test_the_same_serial_twice_in_one_sale_is_flagged_once(bakery: Shop) -> None:
    receive(bakery, "book", ("S1", "1", None))
    order = sell(bakery, ("book", "1", {"serial": "S1"}), ("book", "1", {"serial": "S1"}))
    assert codes(order) == [("serial_sold_before", "/lines/1/serial")]


def test_items_that_are_not_told_apart_keep_no_lots(bakery: Shop) -> None:
    order = sell(bakery, ("cappuccino", "1", {"lot": "A", "serial": "S"}))
    assert moved(bakery, order) == [(None, "-1", False)]
    with tenant_context(bakery.tenant):
        assert not StockLot.objects.exists()


def statements(shop: Shop, name: str, **stated: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        sell(shop, (name, "1", dict(stated)))
    return len([row for row in captured if "pos_stocklot" in row["sql"]])


def test_lots_cost_two_statements_and_none_where_pieces_are_not_told_apart(bakery: Shop) -> None:
    receive(bakery, "roll", ("A", "20", None))
    assert statements(bakery, "cappuccino") == 0
    assert statements(bakery, "roll") == 2
    assert statements(bakery, "roll", lot="A") == 2


def test_lots_are_of_the_place_where_they_are(bakery: Shop) -> None:
    with tenant_context(bakery.tenant):
        other = LocationFactory.create(code="other")
    receive(bakery, "roll", ("HERE", "2", day(9)))
    receive(bakery, "roll", ("THERE", "2", day(2)), location_id=other.id)
    sell(bakery, ("roll", "1", {}))
    assert left(bakery) == {"HERE": "1"}
    assert left(bakery, other.id) == {"THERE": "2"}


def test_levels_of_lots_are_the_sums_of_the_movements_that_name_them(bakery: Shop) -> None:
    receive(bakery, "roll", ("A", "3", day(3)), ("B", "4.5", day(4)))
    sell(bakery, ("roll", "4", {}), ("roll", "2", {"lot": "B"}))
    sell(bakery, ("roll", "1", {"lot": "C"}))
    with tenant_context(bakery.tenant):
        sums = StockMovement.objects.filter(lot_id__isnull=False).values_list("lot_id")
        assert dict(sums.annotate(total=Sum("quantity"))) == dict(
            StockLotLevel.objects.values_list("lot_id", "on_hand")
        )


def test_a_lot_received_without_a_date_expires_after_the_items_shelf_life(bakery: Shop) -> None:
    with tenant_context(bakery.tenant):
        StockItem.objects.filter(item=bakery.variants["roll"].item).update(shelf_life_days=4)
    receive(bakery, "roll", ("A", "1", None), ("B", "1", day(30)))
    with tenant_context(bakery.tenant):
        assert dict(StockLot.objects.values_list("code", "expires_on")) == {"A": day(5), "B": day(30)}
        assert set(StockLot.objects.values_list("received_at", flat=True)) == {AT}


def test_a_lot_received_twice_keeps_its_date_and_its_first_receipt(bakery: Shop) -> None:
    first = receive(bakery, "roll", ("A", "1", day(8)))
    again = receive(bakery, "roll", ("A", "2", day(9)), at=AT + dt.timedelta(days=1))
    assert first == again
    with tenant_context(bakery.tenant):
        assert StockLot.objects.values_list("expires_on", "received_at").get() == (day(8), AT)
    assert left(bakery) == {"A": "3"}


def cause(shop: Shop, kind: str) -> Cause:
    return Cause(kind=kind, location_id=shop.location.id, at=AT, business_date=DAY, recorded_at=AT)


def test_a_movement_never_names_a_lot_of_another_variant(bakery: Shop) -> None:
    keys = receive(bakery, "roll", ("A", "1", None))
    wrong = StockChange(variant_id=bakery.variants["book"].id, quantity=Decimal(-1), lot_id=keys["A"])
    with tenant_context(bakery.tenant):
        with pytest.raises(ForeignLot), unit_of_work():
            record_movements(cause=cause(bakery, StockMovement.WASTE), changes=[wrong])
        assert not StockMovement.objects.filter(kind=StockMovement.WASTE).exists()


def test_a_stated_value_is_shared_by_the_parts_to_the_last_digit(bakery: Shop) -> None:
    receive(bakery, "roll", ("A", "1", day(3)), ("B", "1", day(4)))
    key = bakery.variants["roll"].id
    change = StockChange(variant_id=key, quantity=Decimal(-3), value_minor=Decimal(-100))
    with tenant_context(bakery.tenant), unit_of_work():
        given = allocate(location_id=bakery.location.id, changes=[change], tracking={key: "lot"})
    values = [each.value_minor for each in given.changes]
    assert values == [
        Decimal("-33.333333333333333"),
        Decimal("-33.333333333333333"),
        Decimal("-33.333333333333334"),
    ]


def test_what_has_a_lot_an_original_or_comes_in_is_left_as_it_is(bakery: Shop) -> None:
    keys = receive(bakery, "roll", ("A", "9", None))
    key: UUID = bakery.variants["roll"].id
    changes = [
        StockChange(variant_id=key, quantity=Decimal(-1), lot_id=keys["A"]),
        StockChange(variant_id=key, quantity=Decimal(-1), original_id=new_id()),
        StockChange(variant_id=key, quantity=Decimal(1)),
    ]
    with tenant_context(bakery.tenant), unit_of_work():
        given = allocate(
            location_id=bakery.location.id,
            changes=changes,
            tracking={key: "lot"},
            stated={2: StatedLot(code="NEW")},
        )
        assert list(given.changes) == changes
        assert not StockLot.objects.filter(code="NEW").exists()
