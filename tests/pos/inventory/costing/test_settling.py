"""Settling: what movements cost is brought to what a replay in the order of events finds, by movements."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.inventory.models import StockCostState, StockHead, StockLevel, StockMovement
from pos.inventory.services.settling import settle_all, settle_anew
from tests.factories import LocationFactory, Shop
from tests.pos.inventory.costing.stock import adds_up, hour, level, move, settled, worth

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(here: Shop) -> Any:
    """The café, inside."""
    with tenant_context(here.tenant):
        yield here


def use(method: str) -> None:
    StockHead.objects.update_or_create(id=1, defaults={"cost_method": method})


@pytest.mark.parametrize(("method", "cost", "unit"), [("fifo", "-1240", "120"), ("average", "-1320", "110")])
def test_a_sale_costs_what_its_goods_cost(house: Shop, method: str, cost: str, unit: str) -> None:
    use(method)
    move(house, "purchase", "10", value="1000", at=1)
    move(house, "purchase", "10", value="1200", at=2)
    sale = move(house, "sale", "-12", at=3)
    assert worth(sale) == 0
    found = settled(house)
    assert (found.corrections, found.pending) == (1, ())
    assert worth(sale) == Decimal(cost)
    now = level(house)
    assert (now.unit_cost_minor, now.settle_from) == (Decimal(unit), None)
    assert now.value_minor == 2200 + Decimal(cost)
    assert adds_up()


def test_the_next_sale_already_costs_what_the_level_shows(house: Shop) -> None:
    move(house, "purchase", "10", value="1000", at=1)
    settled(house)
    sale = move(house, "sale", "-2", at=2)
    assert sale.value_minor == -200
    assert settled(house).corrections == 0


def test_a_correction_names_its_movement_and_is_dated_as_it(house: Shop) -> None:
    line = new_id()
    sale = move(house, "sale", "-2", at=3, order_line_id=line)
    move(house, "purchase", "5", value="50", at=2, recorded_at=9)
    settled(house, at=10)
    fix = StockMovement.objects.get(kind="revaluation")
    assert (fix.original_id, fix.order_line_id, fix.at, fix.business_date) == (
        sale.id,
        line,
        sale.at,
        sale.business_date,
    )
    assert (fix.value_minor, fix.quantity, fix.is_valued, fix.recorded_at) == (-20, 0, False, hour(10))


def test_settling_twice_finds_nothing_left_to_do(house: Shop) -> None:
    move(house, "sale", "-2", at=3)
    move(house, "purchase", "5", value="50", at=2)
    assert settled(house).corrections == 1
    assert settled(house) == settled(house)
    assert settled(house).places == ()


def test_a_line_may_be_corrected_again_when_something_older_comes_later(house: Shop) -> None:
    move(house, "purchase", "5", value="50", at=2)
    sale = move(house, "sale", "-2", at=3, order_line_id=new_id())
    settled(house)
    move(house, "purchase", "5", value="100", at=1)
    settled(house)
    assert worth(sale) == -30
    move(house, "purchase", "10", value="50", at=0)
    settled(house)
    assert worth(sale) == -20
    assert adds_up()


def test_a_production_that_is_undone_gives_back_what_it_cost(house: Shop) -> None:
    production = new_id()
    move(house, "purchase", "10", value="400", name="cheese", at=1)
    flour = move(house, "production", "-3", name="cheese", at=2, document_id=production)
    bread = move(house, "production", "6", name="roll", at=2, document_id=production)
    move(house, "purchase", "10", value="1000", name="cheese", at=3)
    undone = move(house, "production", "3", name="cheese", at=4, document_id=production, original=flour)
    gone = move(house, "production", "-6", name="roll", at=4, document_id=production, original=bread)
    settled(house, "roll", "cheese")
    assert [worth(each) for each in (flour, bread, undone, gone)] == [-120, 120, 120, -120]
    assert adds_up()


@pytest.mark.parametrize("method", ["fifo", "average"])
def test_goods_sold_before_they_came_cost_themselves_right(house: Shop, method: str) -> None:
    use(method)
    move(house, "purchase", "2", value="200", at=1)
    sale = move(house, "sale", "-5", at=2)
    settled(house)
    assert worth(sale) == -500
    move(house, "purchase", "10", value="1500", at=3)
    settled(house)
    assert worth(sale) == -650
    assert (level(house).on_hand, level(house).value_minor) == (7, 1050)
    assert adds_up()


def test_a_bill_for_freight_reaches_what_was_sold_meanwhile(house: Shop) -> None:
    receipt = move(house, "purchase", "10", value="1000", at=1)
    sale = move(house, "sale", "-4", at=2)
    settled(house)
    for at in (1, 3):  # dated as the delivery, as it should be; and by its own day
        move(house, "revaluation", "0", value="50", at=at, original=receipt)
        settled(house)
    assert (worth(sale), worth(receipt)) == (-440, 1100)
    assert level(house).value_minor == 660
    assert adds_up()


def test_a_return_is_worth_what_the_sale_cost(house: Shop) -> None:
    use("fifo")
    move(house, "purchase", "1", value="100", at=1)
    move(house, "purchase", "1", value="300", at=2)
    sale = move(house, "sale", "-1", at=3)
    settled(house)
    back = move(house, "return", "1", at=4, original=sale)
    settled(house)
    assert (worth(sale), worth(back)) == (-100, 100)


def test_a_return_elsewhere_follows_the_sale(house: Shop) -> None:
    stand = LocationFactory.create()
    sale = move(house, "sale", "-2", at=3)
    back = move(house, "return", "1", at=4, original=sale, location_id=stand.id)
    settled(house, location_id=stand.id)
    assert worth(back) == 0
    move(house, "purchase", "2", value="50", at=1)
    found = settled(house)
    assert {place.location_id for place in found.places} == {house.location.id, stand.id}
    assert (worth(sale), worth(back)) == (-50, 25)
    assert level(house, location_id=stand.id).unit_cost_minor == 25
    assert adds_up()


def test_goods_that_were_sent_cost_there_what_they_cost_here(house: Shop) -> None:
    stand, depot = LocationFactory.create(), LocationFactory.create()
    out = move(house, "transfer_out", "-4", at=2)
    part = move(house, "transfer_in", "3", at=3, original=out, location_id=stand.id)
    sale = move(house, "sale", "-1", at=5, location_id=stand.id)
    on = move(house, "transfer_out", "-2", at=6, location_id=stand.id)
    far = move(house, "transfer_in", "2", at=7, original=on, location_id=depot.id)
    for place in (stand.id, depot.id):
        settled(house, location_id=place)
    move(house, "purchase", "4", value="40", at=8)
    settled(house)
    assert [worth(each) for each in (out, part, sale, on, far)] == [-40, 30, -10, -20, 20]
    assert level(house, location_id=depot.id).value_minor == 20
    assert not StockLevel.objects.exclude(settle_from=None).exists()
    assert adds_up()


def test_what_is_produced_costs_what_went_in(house: Shop) -> None:
    production = new_id()
    flour = move(house, "production", "-3", name="cheese", at=2, document_id=production)
    bread = move(house, "production", "6", name="roll", at=2, document_id=production)
    sale = move(house, "sale", "-1", name="roll", at=3)
    settled(house, "roll", "cheese")
    assert worth(bread) == 0
    move(house, "purchase", "10", value="400", name="cheese", at=1)
    found = settled(house, "cheese")
    assert len(found.places) == 2
    assert [worth(each) for each in (flour, bread, sale)] == [-120, 120, -20]
    assert adds_up()


def test_a_change_of_method_costs_everything_anew(house: Shop) -> None:
    move(house, "purchase", "10", value="1000", at=1)
    move(house, "purchase", "10", value="1200", at=2)
    sale = move(house, "sale", "-12", at=3)
    settled(house)
    assert worth(sale) == -1320
    use("fifo")
    assert list(settle_all(at=hour(24))) == []
    assert [each.corrections for each in settle_anew(at=hour(24))] == [1]
    assert worth(sale) == -1240
    assert set(StockCostState.objects.values_list("method", flat=True)) == {"fifo"}
    assert list(settle_anew(at=hour(25))) == []
    use("average")
    assert [each.corrections for each in settle_anew(at=hour(26))] == [1]
    assert worth(sale) == -1320
    assert adds_up()


def test_everything_due_is_settled_in_batches(house: Shop) -> None:
    for name in house.variants:
        move(house, "purchase", "2", value="20", name=name, at=2)
        move(house, "sale", "-1", name=name, at=3)
    count = len(house.variants)
    assert count > 2
    batches = list(settle_all(at=hour(24), batch=2))
    assert [len(each.places) for each in batches] == [2] * (count // 2) + [1] * (count % 2)
    assert not StockLevel.objects.exclude(settle_from=None).exists()
    assert list(settle_all(at=hour(24))) == []


def test_a_level_that_cannot_be_settled_holds_up_nobody_else(house: Shop) -> None:
    # A millionth of a roll for nine trillions: what one costs has more digits than a column has.
    move(house, "purchase", "0.000001", value="9000000000000000000", at=1, name="roll")
    for name in ("cheese", "book"):
        move(house, "purchase", "10", value="1000", at=1, name=name)
    found = list(settle_all(at=hour(9)))
    assert len(found) == 2
    assert sorted(StockLevel.objects.filter(settle_from=None).values_list("variant__sku", flat=True)) == [
        "BOOK",
        "CHEESE",
    ]


def test_the_feed_hears_what_the_levels_are_now(house: Shop) -> None:
    before = head()
    move(house, "purchase", "2.5", value="20", at=2)
    settled(house)
    (told,) = read_after(before)
    assert told.t == "stock.levels_changed"
    assert told.data == {
        "levels": [
            {
                "variant_id": str(house.variants["roll"].id),
                "location_id": str(house.location.id),
                "on_hand": "2.5",
                "reserved": "0",
                "in_transit": "0",
                "available": "2.5",
            }
        ]
    }


def test_the_neighbour_notices_nothing(house: Shop, there: Shop) -> None:
    move(house, "purchase", "2", value="20", at=2)
    settled(house)
    with tenant_context(there.tenant):
        assert not StockCostState.objects.exists()
        assert list(settle_all(at=hour(24))) == []
