"""Numbers no column holds: refused by name with nothing written, and never a reason to refuse a sale."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockMovement
from pos.purchasing.models import GoodsReceipt, PurchaseOrder
from tests.factories import Shop, TillClient, order_body
from tests.pos.inventory.recipes.kitchens import Kitchen, kitchen, on_hand
from tests.pos.purchasing.buying import Buyer

pytestmark = pytest.mark.django_db

MOST = "999999999999"
DEAREST = "999999999999999"
MOST_WORTH = int(MOST) * 9999999999999


@pytest.fixture
def bistro(here: Shop) -> Kitchen:
    return kitchen(here)


def adjust(bistro: Kitchen, name: str, **said: Any) -> Any:
    body = {
        "id": str(new_id()),
        "location_id": str(bistro.shop.location.pk),
        "reason_code": "found",
        "lines": [{"variant_id": bistro.key(name), **said}],
    }
    return bistro.till.post("/stock-adjustments", body)


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.json()
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def movements(bistro: Kitchen) -> int:
    with tenant_context(bistro.shop.tenant):
        return StockMovement.objects.count()


def test_a_sum_that_is_no_movement_is_refused_and_nothing_written(bistro: Kitchen) -> None:
    for _ in range(2):
        assert adjust(bistro, "bun", quantity=MOST).status_code == 201
    assert problems(adjust(bistro, "bun", set_to="0")) == [("", "number_too_large")]
    assert problems(adjust(bistro, "beef", quantity=MOST, unit_cost_minor=DEAREST)) == [
        ("", "number_too_large")
    ]
    assert movements(bistro) == 2


def test_recipes_that_come_to_more_than_a_movement_holds_refuse_no_sale(bistro: Kitchen) -> None:
    assert bistro.write("burger", bistro.line("bun", MOST)).status_code == 200
    assert bistro.write("cheeseburger", bistro.line("burger", MOST)).status_code == 200
    answer = bistro.till.post("/orders", order_body((bistro.goods["cheeseburger"], "1000000")))
    assert answer.status_code == 201, answer.json()
    assert on_hand(bistro) == {"bun": "-999999999999.999999"}


def test_an_order_worth_more_than_programs_can_count_to_is_refused(bistro: Kitchen) -> None:
    buyer = Buyer(bistro.shop, bistro.till)
    buyer.supplier()
    body = {
        "id": str(new_id()),
        "supplier_id": buyer.supplier_id,
        "location_id": str(bistro.shop.location.pk),
        "lines": [{"variant_id": bistro.key("bun"), "packs": "10", "pack_price_minor": DEAREST}],
    }
    assert problems(bistro.till.post("/purchase-orders", body)) == [
        ("/lines/0/pack_price_minor", "quantity_out_of_range")
    ]
    body["lines"] = [{"variant_id": bistro.key("bun"), "packs": "5", "pack_price_minor": DEAREST}] * 2
    assert problems(bistro.till.post("/purchase-orders", body)) == [("/lines", "quantity_out_of_range")]
    with tenant_context(bistro.shop.tenant):
        assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"received_at": "0001-01-01T00:00:00Z"}, ("/received_at", "out_of_range")),
        ({"unit_cost_minor": DEAREST}, ("/lines/0/unit_cost_minor", "quantity_out_of_range")),
    ],
    ids=["a time before there were shops", "a value nobody can count to"],
)
def test_a_delivery_that_cannot_be_is_refused(
    bistro: Kitchen, said: dict[str, str], problem: tuple[str, str]
) -> None:
    line = {"variant_id": bistro.key("bun"), "quantity": "10"}
    line |= {name: value for name, value in said.items() if name == "unit_cost_minor"}
    body = {"id": str(new_id()), "location_id": str(bistro.shop.location.pk), "lines": [line]}
    body |= {name: value for name, value in said.items() if name == "received_at"}
    assert problems(bistro.till.post("/goods-receipts", body)) == [problem]
    with tenant_context(bistro.shop.tenant):
        assert not GoodsReceipt.objects.exists()
    assert movements(bistro) == 0


def test_what_huge_stock_is_worth_can_be_read(bistro: Kitchen) -> None:
    till: TillClient = bistro.till
    adjust(bistro, "bun", quantity=MOST, unit_cost_minor="9999999999999")
    answer = till.get(f"/stock-valuation?location_id={bistro.shop.location.pk}")
    assert answer.status_code == 200
    assert answer.json()["totals"]["value"]["amount_minor"] == MOST_WORTH
