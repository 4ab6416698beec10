"""A sale takes what dishes and modifiers are made of, by the recipes in force when it happened."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.clock import rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockMovement
from pos.inventory.quantities import plain_quantity
from tests.pos.inventory.recipes.kitchens import Kitchen, buy, on_hand

pytestmark = pytest.mark.django_db


def sell(bistro: Kitchen, name: str, quantity: str = "1", *modifiers: str, **said: Any) -> dict[str, Any]:
    line: dict[str, Any] = {"id": str(new_id()), "variant_id": bistro.key(name), "quantity": quantity}
    if modifiers:
        line["modifiers"] = [{"modifier_id": bistro.key(each), "quantity": 1} for each in modifiers]
    answer = bistro.till.post("/orders", {"id": str(new_id()), "lines": [line], "tenders": [], **said})
    assert answer.status_code == 201, answer.json()
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def cafe_bar(bistro: Kitchen) -> Kitchen:
    """Lattes of milk and beans, cheeseburgers with two slices; oat milk, larger ones, with and without cheese."""
    bistro.write("latte", bistro.line("milk", "0.2", "l"), bistro.line("beans", "9", waste_percent="10"))
    bistro.write("cheeseburger", bistro.line("bun", "1"), bistro.line("slice", "2"))
    bistro.write("oat milk", bistro.line("oat", effect="replace", replaces="milk"))
    bistro.write("large", bistro.line("milk", "100"))
    bistro.write("no cheese", bistro.line("slice", effect="remove"))
    bistro.write("extra cheese", bistro.line("slice", "1"))
    return bistro


def test_ingredients_leave_and_the_dish_does_not(cafe_bar: Kitchen) -> None:
    order = sell(cafe_bar, "latte", "3")
    assert on_hand(cafe_bar) == {"milk": "-600", "beans": "-30"}
    with tenant_context(cafe_bar.shop.tenant):
        moved = StockMovement.objects.filter(order_id=order["id"]).order_by("quantity")
        line = order["lines"][0]["id"]
        assert [(plain_quantity(row.quantity), row.kind, str(row.order_line_id)) for row in moved] == [
            ("-600", "sale", line),
            ("-30", "sale", line),
        ]


def test_modifiers_add_remove_and_swap(cafe_bar: Kitchen) -> None:
    sell(cafe_bar, "latte", "2", "large", "oat milk")
    assert on_hand(cafe_bar) == {"oat": "-600", "beans": "-20"}
    sell(cafe_bar, "cheeseburger", "1", "no cheese", "extra cheese")
    sell(cafe_bar, "cheeseburger", "1", "no cheese")
    assert on_hand(cafe_bar) == {"oat": "-600", "beans": "-20", "bun": "-2", "slice": "-1"}


def test_what_is_made_in_batches_leaves_as_it_is(cafe_bar: Kitchen) -> None:
    cafe_bar.write("sauce", cafe_bar.line("tomato", "2"), made="in_batches")
    cafe_bar.write("burger", cafe_bar.line("sauce", "30"))
    sell(cafe_bar, "burger")
    assert on_hand(cafe_bar) == {"sauce": "-30"}


def test_a_sale_that_comes_late_takes_what_was_in_force_then(cafe_bar: Kitchen) -> None:
    before = clock.now()
    cafe_bar.write("cheeseburger", cafe_bar.line("bun", "1"), cafe_bar.line("slice", "3"))
    sell(cafe_bar, "cheeseburger", placed_at=rfc3339(before - dt.timedelta(hours=1)))
    assert on_hand(cafe_bar) == {"bun": "-1", "slice": "-2"}
    sell(cafe_bar, "cheeseburger")
    assert on_hand(cafe_bar) == {"bun": "-2", "slice": "-5"}


def test_what_was_sold_stands_in_the_report_as_what_should_have_been_used(cafe_bar: Kitchen) -> None:
    buy(cafe_bar, milk=("1000", "0.1"))
    sell(cafe_bar, "latte", "2")
    rows = {row["sku"]: row for row in cafe_bar.till.get("/stock-usage").json()["items"]}
    assert rows["K-MILK"]["theoretical"] == {"quantity": "400", "value_minor": "40"}
    assert rows["K-MILK"]["closing"]["quantity"] == "600"
