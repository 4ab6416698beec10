"""What a sale does when there is not enough: refused, sold and said, owed, or nobody counts."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from pos.catalog.models import Variant
from pos.inventory.models import RecipeNeed, StockHead, StockItem, StockLevel, StockMovement
from pos.inventory.services import StockChange, record_opening
from pos.orders.models import Order
from tests.factories import Shop, TillClient, order_body
from tests.pos.orders.menu import serve

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
EARLIER = "2026-03-01T12:00:00Z"


def keep(shop: Shop, policy: str, *names: str) -> None:
    with tenant_context(shop.tenant):
        for name in names:
            StockItem.objects.update_or_create(
                item_id=shop.variants[name].item_id, defaults={"policy": policy}
            )


def stock(shop: Shop, **quantities: str) -> None:
    with tenant_context(shop.tenant):
        record_opening(
            location_id=shop.location.id,
            changes=[
                StockChange(variant_id=shop.variants[name].id, quantity=Decimal(quantity))
                for name, quantity in quantities.items()
            ],
            employee_id=None,
            at=AT,
            business_date=AT.date(),
        )


def on_hand(shop: Shop, name: str) -> Decimal | None:
    with tenant_context(shop.tenant):
        rows = StockLevel.objects.filter(variant_id=shop.variants[name].id)
        found: Decimal | None = rows.values_list("on_hand", flat=True).first()
        return found


def sell(shop: Shop, till: TillClient, *lines: tuple[str, str], **said: Any) -> Any:
    return till.post(
        "/orders", order_body(*((shop.variants[name], quantity) for name, quantity in lines), **said)
    )


def flags(answer: Any) -> list[tuple[str, str]]:
    usual = ("no_open_session", "placed_earlier")
    found = [flag for flag in answer.json()["flags"] if flag["code"] not in usual]
    return [(flag["code"], flag["pointer"]) for flag in found]


def test_what_is_not_there_is_not_sold_under_deny(here: Shop, till: TillClient) -> None:
    keep(here, "deny", "roll", "cheese")
    stock(here, roll="2", cheese="0.5", book="1")
    with tenant_context(here.tenant):
        before = head()
    answer = sell(here, till, ("book", "1"), ("roll", "2"), ("cheese", "0.3"), ("roll", "1.0"))
    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["errors"]) == (
        "out_of_stock",
        [
            {
                "pointer": "/lines/1/variant_id",
                "code": "out_of_stock",
                "detail": "There are only 2 left.",
            }
        ],
    )
    assert told["short"] == [{"variant_id": str(here.variants["roll"].id), "wanted": "3", "available": "2"}]
    with tenant_context(here.tenant):
        assert not Order.objects.exists()
        assert not StockMovement.objects.filter(kind="sale").exists()
        assert head() == before
    assert on_hand(here, "roll") == 2


def test_the_last_one_is_sold_under_deny(here: Shop, till: TillClient) -> None:
    keep(here, "deny", "roll")
    stock(here, roll="2")
    answer = sell(here, till, ("roll", "2"))
    assert (answer.status_code, flags(answer)) == (201, [])
    assert sell(here, till, ("roll", "1")).status_code == 409
    assert on_hand(here, "roll") == 0


def test_what_was_never_there_is_not_sold_under_deny(here: Shop, till: TillClient) -> None:
    keep(here, "deny", "roll")
    answer = sell(here, till, ("roll", "1"))
    assert (answer.status_code, answer.json()["short"][0]["available"]) == (409, "0")
    assert on_hand(here, "roll") is None


def test_a_refused_sale_may_be_tried_again_with_the_same_key(here: Shop, till: TillClient) -> None:
    keep(here, "deny", "roll")
    body = order_body((here.variants["roll"], "1"))
    assert till.post("/orders", body, Idempotency_Key="again").status_code == 409
    stock(here, roll="1")
    assert till.post("/orders", body, Idempotency_Key="again").status_code == 201


def test_a_sale_that_happened_is_a_fact_even_under_deny(here: Shop, till: TillClient) -> None:
    keep(here, "deny", "roll")
    stock(here, roll="1")
    answer = sell(here, till, ("roll", "3"), placed_at=EARLIER)
    assert answer.status_code == 201
    assert flags(answer) == [("sold_out_of_stock", "/lines/0/variant_id")]
    told = next(flag for flag in answer.json()["flags"] if flag["code"] == "sold_out_of_stock")
    assert told["on_hand"] == "-2"
    assert on_hand(here, "roll") == -2


@pytest.mark.parametrize(("policy", "code"), [("allow", "negative_stock"), ("backorder", "backordered")])
def test_what_may_be_sold_anyway_is_said(here: Shop, till: TillClient, policy: str, code: str) -> None:
    keep(here, policy, "roll")
    stock(here, roll="1")
    assert flags(sell(here, till, ("roll", "1"))) == []
    assert flags(sell(here, till, ("book", "1"), ("roll", "1")))[-1] == (code, "/lines/1/variant_id")
    assert on_hand(here, "roll") == -1


def test_what_nobody_counts_leaves_no_trace(here: Shop, till: TillClient) -> None:
    keep(here, "untracked", "roll")
    answer = sell(here, till, ("roll", "3"))
    assert (answer.status_code, flags(answer)) == (201, [])
    with tenant_context(here.tenant):
        assert not StockMovement.objects.exists()
        assert not StockLevel.objects.exists()


def test_items_without_a_policy_have_the_merchants(here: Shop, till: TillClient) -> None:
    keep(here, "", "roll")
    keep(here, "allow", "book")
    with tenant_context(here.tenant):
        StockHead.objects.update(default_policy="deny")
    answer = sell(here, till, ("book", "1"), ("roll", "1"), ("cheese", "1"))
    assert answer.status_code == 409
    assert [each["pointer"] for each in answer.json()["errors"]] == [
        "/lines/1/variant_id",
        "/lines/2/variant_id",
    ]


def test_the_neighbours_policy_counts_only_there(here: Shop, there: Shop, till: TillClient) -> None:
    keep(there, "deny", "roll")
    assert sell(here, till, ("roll", "1")).status_code == 201


def test_a_combo_is_refused_for_the_part_that_is_not_there(here: Shop, till: TillClient) -> None:
    menu = serve(here)
    with tenant_context(here.tenant):
        juice = Variant.objects.get(pk=menu.variants["juice"]["id"])
        StockItem.objects.create(item_id=juice.item_id, policy="deny")
    answer = till.post("/orders", {"id": str(new_id()), "lines": menu.basket(), "tenders": []})
    assert answer.status_code == 409
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/lines/1/components/1/variant_id"]


def needs(owner: Any, ingredient: UUID, numerator: int, denominator: int = 1) -> None:
    RecipeNeed.objects.create(
        owner_id=owner, effect="add", ingredient_id=ingredient, numerator=numerator, denominator=denominator
    )


def test_a_dish_takes_what_it_is_made_of_rounded_once_per_line(here: Shop, till: TillClient) -> None:
    roll, cheese, cappuccino = (here.variants[name].id for name in ("roll", "cheese", "cappuccino"))
    with tenant_context(here.tenant):
        needs(roll, cheese, 1, 3)
        needs(roll, cappuccino, 2)
    keep(here, "untracked", "cappuccino")
    answer = sell(here, till, ("roll", "2"), ("cheese", "0.1"), ("roll", "1"))
    assert flags(answer) == [("negative_stock", "/lines/0/variant_id")]
    with tenant_context(here.tenant):
        moved = StockMovement.objects.order_by("id").values_list("variant_id", "quantity")
        assert list(moved) == [
            (cheese, Decimal("-0.666667")),
            (cheese, Decimal("-0.100000")),
            (cheese, Decimal("-0.333333")),
        ]


def test_a_dish_is_refused_for_an_ingredient_that_is_not_there(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        needs(here.variants["roll"].id, here.variants["cheese"].id, 1, 10)
    keep(here, "deny", "cheese")
    stock(here, cheese="0.25")
    assert sell(here, till, ("roll", "2")).status_code == 201
    answer = sell(here, till, ("book", "1"), ("roll", "1"))
    assert answer.status_code == 409
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/lines/1/variant_id"]
    assert answer.json()["short"] == [
        {"variant_id": str(here.variants["cheese"].id), "wanted": "0.1", "available": "0.05"}
    ]


def test_a_modifier_takes_what_it_is_made_of(here: Shop, till: TillClient) -> None:
    menu = serve(here)
    with tenant_context(here.tenant):
        needs(menu.chosen(menu.shots)["modifier_id"], here.variants["cheese"].id, 1, 100)
    sold = till.post("/orders", {"id": str(new_id()), "lines": menu.basket(), "tenders": []})
    assert sold.status_code == 201
    # Two lattes with two shots each.
    assert on_hand(here, "cheese") == Decimal("-0.04")
