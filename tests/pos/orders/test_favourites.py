"""What a register sells most, in the last thirty trading days."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.orders.queries import favourites
from pos.orders.services import place_order
from pos.registers.models import Register
from tests.factories import Shop, TillClient
from tests.pos.orders.drafts import sale, sold

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)


def sell(
    shop: Shop, *goods: tuple[str, str], at: dt.datetime = NOW, register: Register | None = None
) -> None:
    with tenant_context(shop.tenant):
        draft = sale(*(sold(shop, name, quantity) for name, quantity in goods))
        place_order(draft=draft, actor=shop.actor(register=register), at=at)


def found(shop: Shop, *, limit: int = 20) -> list[tuple[str, int, str]]:
    with tenant_context(shop.tenant):
        rows = favourites(register_id=shop.register.id, at=NOW, limit=limit)
        return [(row.sku, row.order_count, f"{row.quantity.normalize():f}") for row in rows]


def test_what_is_in_most_orders_comes_first_however_much_of_it(here: Shop) -> None:
    sell(here, ("roll", "12"))
    sell(here, ("cappuccino", "1"), ("cheese", "0.335"))
    sell(here, ("cappuccino", "1"), ("cappuccino", "2"))
    assert found(here) == [("CAPPUCCINO", 2, "4"), ("ROLL", 1, "12"), ("CHEESE", 1, "0.335")]
    assert found(here, limit=1) == [("CAPPUCCINO", 2, "4")]


@pytest.mark.parametrize(("days", "counts"), [(29, True), (30, False)])
def test_thirty_trading_days_count(here: Shop, days: int, counts: bool) -> None:
    sell(here, ("roll", "1"), at=NOW - dt.timedelta(days=days))
    assert found(here) == ([("ROLL", 1, "1")] if counts else [])


def test_other_registers_sell_other_things(here: Shop) -> None:
    sell(here, ("roll", "1"), register=here.second_register)
    assert found(here) == []


@pytest.mark.parametrize("switched_off", ["variant", "item"])
def test_what_is_no_longer_sold_is_no_favourite(here: Shop, switched_off: str) -> None:
    sell(here, ("roll", "1"), ("book", "1"))
    with tenant_context(here.tenant):
        roll = here.variants["roll"]
        row = roll if switched_off == "variant" else roll.item
        row.is_active = False
        row.save()
    assert found(here) == [("BOOK", 1, "1")]


@pytest.mark.parametrize("names", [("roll",), ("roll", "cappuccino", "cheese")])
def test_two_statements_however_many(here: Shop, names: tuple[str, ...]) -> None:
    sell(here, *((name, "1") for name in names))
    with CaptureQueriesContext(connection) as captured:
        assert len(found(here)) == len(names)
    assert len([query for query in captured if "SELECT" in query["sql"] and "pos_" in query["sql"]]) == 2


def test_over_http(here: Shop, there: Shop, till: TillClient) -> None:
    roll: Any = here.variants["roll"]
    line = {"id": str(new_id()), "variant_id": str(roll.id), "quantity": "3"}
    till.post("/orders", {"id": str(new_id()), "lines": [line], "tenders": []})
    told = till.get(f"/registers/{here.register.id}/favourites?limit=5")
    assert told.json() == {
        "items": [
            {
                "variant_id": str(roll.id),
                "item_id": str(roll.item_id),
                "sku": "ROLL",
                "name": "Roll",
                "unit": "each",
                "order_count": 1,
                "quantity": "3",
            }
        ]
    }
    assert till.get(f"/registers/{there.register.id}/favourites").status_code == 404
    assert till.get(f"/registers/{here.register.id}/favourites?limit=101").status_code == 400
    assert TillClient(here.tenant).get(f"/registers/{here.register.id}/favourites").status_code == 401
