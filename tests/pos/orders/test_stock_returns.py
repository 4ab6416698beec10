"""Goods of an order come back: onto the shelf or into the bin, whole or in part, each part once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.clock import business_date, rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.inventory.models import RecipeNeed, StockItem, StockLevel, StockMovement, StockReturn
from pos.inventory.services import Cause, StockChange, record_movements
from tests.factories import LocationFactory, Shop, TillClient, order_body, paired_till, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here: Shop) -> TillClient:
    """A manager at the till K1."""
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


def sell(shop: Shop, till: TillClient, *lines: tuple[str, str]) -> dict[str, Any]:
    answer = till.post("/orders", order_body(*((shop.variants[name], quantity) for name, quantity in lines)))
    assert answer.status_code == 201
    told: dict[str, Any] = answer.json()
    return told


def back(order: dict[str, Any], *parts: tuple[int, str, str], **said: Any) -> dict[str, Any]:
    """The body of a return: (number of the line, quantity, disposition)."""
    return {
        "id": str(new_id()),
        "order_id": order["id"],
        "lines": [
            {"order_line_id": order["lines"][index]["id"], "quantity": quantity, "disposition": disposition}
            for index, quantity, disposition in parts
        ],
        **said,
    }


def on_hand(shop: Shop, name: str) -> Decimal:
    with tenant_context(shop.tenant):
        found: Decimal = StockLevel.objects.get(
            variant_id=shop.variants[name].id, location_id=shop.location.id
        ).on_hand
        return found


def movements(shop: Shop, *kinds: str) -> list[tuple[str, Decimal]]:
    with tenant_context(shop.tenant):
        rows = StockMovement.objects.filter(kind__in=kinds).order_by("id")
        return list(rows.values_list("variant__sku", "quantity"))


def test_what_comes_back_is_on_the_shelf_again(here: Shop, manager: TillClient) -> None:
    order = sell(here, manager, ("roll", "3"), ("cheese", "0.5"))
    with tenant_context(here.tenant):
        before = head()
    body = back(order, (0, "1", "restock"), (1, "0.2", "restock"), reason="Too many")
    answer = manager.post("/stock-returns", body)
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["id"], told["order_id"], told["reason"]) == (body["id"], order["id"], "Too many")
    assert told["lines"] == [
        {
            "order_line_id": order["lines"][0]["id"],
            "quantity": "1",
            "disposition": "restock",
            "lot_id": None,
            "returned": "1",
            "left": "2",
        },
        {
            "order_line_id": order["lines"][1]["id"],
            "quantity": "0.2",
            "disposition": "restock",
            "lot_id": None,
            "returned": "0.2",
            "left": "0.3",
        },
    ]
    assert (on_hand(here, "roll"), on_hand(here, "cheese")) == (-2, Decimal("-0.3"))
    assert manager.get(f"/stock-returns?order_id={order['id']}").json()["items"] == [told]
    assert manager.get(f"/stock-returns?order_id={new_id()}").json()["items"] == []
    with tenant_context(here.tenant):
        facts = {item.t: item.data for item in read_after(before)}
        assert facts["stock.returned"] == told
        original = StockMovement.objects.get(kind="sale", variant=here.variants["roll"])
        came = StockMovement.objects.get(kind="return", variant=here.variants["roll"])
        assert (came.original_id, came.original_quantity, came.reversed_before) == (original.id, 3, 0)
        assert (str(came.document_id), str(came.order_line_id)) == (body["id"], order["lines"][0]["id"])


def test_what_is_thrown_away_came_back_first(here: Shop, manager: TillClient) -> None:
    order = sell(here, manager, ("roll", "3"))
    assert manager.post("/stock-returns", back(order, (0, "2", "waste"))).status_code == 201
    assert movements(here, "return", "waste") == [("ROLL", Decimal(2)), ("ROLL", Decimal(-2))]
    assert on_hand(here, "roll") == -3
    with tenant_context(here.tenant):
        came, wasted = StockMovement.objects.filter(kind__in=("return", "waste")).order_by("id")
        assert (wasted.original_id, wasted.reversed_before) == (came.id, 0)


def test_a_line_comes_back_in_parts_and_no_more(here: Shop, manager: TillClient) -> None:
    order = sell(here, manager, ("roll", "3"))
    body = back(order, (0, "1", "restock"), (0, "1", "waste"))
    assert [line["left"] for line in manager.post("/stock-returns", body).json()["lines"]] == ["2", "1"]
    refused = manager.post("/stock-returns", back(order, (0, "2", "restock")))
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {
            "pointer": "/lines/0/quantity",
            "code": "more_than_left",
            "detail": "Only 1 of this line can still come back.",
        }
    ]
    assert manager.post("/stock-returns", back(order, (0, "1", "restock"))).status_code == 201
    assert on_hand(here, "roll") == -1


def test_the_same_return_again_is_the_same_return(here: Shop, manager: TillClient) -> None:
    order = sell(here, manager, ("roll", "3"))
    body = back(order, (0, "1", "restock"))
    first = manager.post("/stock-returns", body)
    again = manager.post("/stock-returns", body)
    assert (again.status_code, again.content) == (201, first.content)
    assert movements(here, "return") == [("ROLL", Decimal(1))]
    other = manager.post("/stock-returns", {**back(order, (0, "2", "restock")), "id": body["id"]})
    assert (other.status_code, other.json()["code"]) == (409, "return_id_conflict")


def test_ingredients_come_back_by_their_share_and_add_up(here: Shop, manager: TillClient) -> None:
    with tenant_context(here.tenant):
        RecipeNeed.objects.create(
            owner_id=here.variants["roll"].id,
            effect="add",
            ingredient_id=here.variants["cheese"].id,
            numerator=1,
            denominator=3,
        )
    order = sell(here, manager, ("roll", "2"))
    for _ in range(2):
        assert manager.post("/stock-returns", back(order, (0, "1", "restock"))).status_code == 201
    assert movements(here, "sale", "return") == [
        ("CHEESE", Decimal("-0.666667")),
        ("CHEESE", Decimal("0.333334")),
        ("CHEESE", Decimal("0.333333")),
    ]
    assert on_hand(here, "cheese") == 0


def test_goods_may_come_back_elsewhere(here: Shop, manager: TillClient) -> None:
    with tenant_context(here.tenant):
        stand = LocationFactory.create()
    order = sell(here, manager, ("roll", "3"))
    body = back(order, (0, "3", "restock"), location_id=str(stand.id))
    assert manager.post("/stock-returns", body).json()["location_id"] == str(stand.id)
    assert on_hand(here, "roll") == -3
    with tenant_context(here.tenant):
        assert StockLevel.objects.get(location=stand).on_hand == 3


def test_what_nobody_counts_comes_back_without_a_trace(here: Shop, manager: TillClient) -> None:
    with tenant_context(here.tenant):
        StockItem.objects.create(item_id=here.variants["roll"].item_id, policy="untracked")
    order = sell(here, manager, ("roll", "3"))
    assert manager.post("/stock-returns", back(order, (0, "2", "restock"))).status_code == 201
    assert manager.post("/stock-returns", back(order, (0, "2", "restock"))).status_code == 422
    with tenant_context(here.tenant):
        assert not StockMovement.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"order_id": str(new_id())}, "/order_id", "not_found"),
        ({"location_id": str(new_id())}, "/location_id", "not_found"),
        ({"order_line_id": str(new_id())}, "/lines/0/order_line_id", "not_found"),
        ({"quantity": "0.5"}, "/lines/0/quantity", "fractional_quantity"),
        ({"quantity": "0"}, "/lines/0/quantity", "not_positive"),
        ({"quantity": "-1"}, "/lines/0/quantity", "not_positive"),
        ({"quantity": "NaN"}, "/lines/0/quantity", "invalid"),
        ({"quantity": "1e3"}, "/lines/0/quantity", "invalid"),
        ({"quantity": "4"}, "/lines/0/quantity", "more_than_left"),
        ({"disposition": "sold"}, "/lines/0/disposition", "invalid_choice"),
        ({"lot_id": str(new_id())}, "/lines/0/lot_id", "foreign_lot"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_what_cannot_come_back(
    here: Shop, manager: TillClient, change: dict[str, str], pointer: str, code: str
) -> None:
    order = sell(here, manager, ("roll", "3"))
    body = back(order, (0, "1", "restock"))
    for name, value in change.items():
        place = body if name in ("order_id", "location_id") else body["lines"][0]
        place[name] = value
    answer = manager.post("/stock-returns", body)
    assert answer.status_code == 422, answer.json()
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]
    with tenant_context(here.tenant):
        assert not StockReturn.objects.exists()
        assert not StockMovement.objects.exclude(kind="sale").exists()


def test_a_till_alone_takes_nothing_back(here: Shop, till: TillClient) -> None:
    order = sell(here, till, ("roll", "1"))
    assert till.post("/stock-returns", back(order, (0, "1", "restock"))).status_code == 403


def test_the_neighbours_order_is_not_there(here: Shop, there: Shop, manager: TillClient) -> None:
    order = sell(there, TillClient(there.tenant, paired_till(there.tenant)), ("roll", "1"))
    assert manager.post("/stock-returns", back(order, (0, "1", "restock"))).status_code == 422


def test_what_it_cost_is_taken_back_from_the_line(here: Shop, manager: TillClient) -> None:
    at = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    with tenant_context(here.tenant):
        roll = here.variants["roll"].id
        cause = Cause(
            kind="adjustment",
            location_id=here.location.id,
            at=at,
            business_date=at.date(),
            recorded_at=at,
        )
        bought = StockChange(variant_id=roll, quantity=Decimal(10), value_minor=Decimal(200))
        record_movements(cause=cause, changes=[bought])
    order = sell(here, manager, ("roll", "4"))
    manager.post("/stock-returns", back(order, (0, "1", "restock"), (0, "2", "waste")))
    with tenant_context(here.tenant):
        lines = StockMovement.objects.filter(order_line_id=order["lines"][0]["id"])
        assert sum(row.value_minor for row in lines) == -20
        thrown = StockMovement.objects.filter(document_id__isnull=False, order_line_id__isnull=True)
        assert sum(row.value_minor for row in thrown) == -40
        level = StockLevel.objects.get(variant_id=roll)
        assert (level.on_hand, level.value_minor) == (7, 140)


def test_what_came_back_yesterday_came_back_yesterday(here: Shop, manager: TillClient) -> None:
    sold_at = clock.now() - dt.timedelta(hours=60)
    back_at = sold_at + dt.timedelta(hours=24)
    order = manager.post(
        "/orders", order_body((here.variants["roll"], "3"), placed_at=rfc3339(sold_at))
    ).json()
    body = back(order, (0, "1", "restock"), (0, "1", "waste"), at=rfc3339(back_at))
    answer = manager.post("/stock-returns", body)
    assert answer.status_code == 201, answer.json()
    day = business_date(at=back_at, time_zone="Europe/Berlin", cut_off=dt.time(4)).isoformat()
    assert (answer.json()["at"], answer.json()["business_date"]) == (rfc3339(back_at), day)
    assert manager.post("/stock-returns", body).json() == answer.json()
    assert on_hand(here, "roll") == -2
    with tenant_context(here.tenant):
        for moved in StockMovement.objects.filter(kind__in=("return", "waste")):
            assert (rfc3339(moved.at), moved.business_date.isoformat()) == (rfc3339(back_at), day)
            assert moved.recorded_at - moved.at > dt.timedelta(hours=35)


@pytest.mark.parametrize("hours", [-1, 240], ids=["before the sale", "in the future"])
def test_nothing_comes_back_before_it_was_sold_or_in_the_future(
    here: Shop, manager: TillClient, hours: int
) -> None:
    order = sell(here, manager, ("roll", "3"))
    at = rfc3339(clock.now() + dt.timedelta(hours=hours))
    refused = manager.post("/stock-returns", back(order, (0, "1", "restock"), at=at))
    assert (refused.status_code, refused.json()["code"]) == (422, "time_out_of_range")
    assert refused.json()["errors"][0]["pointer"] == "/at"
    assert on_hand(here, "roll") == -3
