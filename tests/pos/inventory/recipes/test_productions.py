"""Batches: what goes in leaves the shelf, what comes out is worth it; taken back once."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockItem, StockMovement, StockProduction
from tests.factories import TillClient
from tests.pos.inventory.recipes.kitchens import Kitchen, buy, on_hand, told, unit_cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def sauce(bistro: Kitchen) -> Kitchen:
    """A litre of sauce is made of 1.5 kg of tomatoes and 100 ml of ketchup; both are there."""
    bistro.write(
        "sauce",
        bistro.line("tomato", "1.2", "kg", waste_percent="20"),
        bistro.line("ketchup", "0.1", "l"),
        made="in_batches",
        yield_quantity="1",
        yield_unit="l",
    )
    buy(bistro, tomato=("10000", "0.2"), ketchup=("500", "0.5"))
    return bistro


def make(bistro: Kitchen, **said: Any) -> Any:
    body = {"variant_id": bistro.key("sauce"), "location_id": str(bistro.shop.location.id), **said}
    return bistro.till.post("/productions", body)


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.json()
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def test_a_batch_takes_what_the_recipe_says_and_is_worth_it(sauce: Kitchen) -> None:
    answer = make(sauce, quantity="2", unit="l", note="Monday")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    # Two litres: 2 × 1200 / 0.8 = 3000 g of tomatoes at 0.2 and 200 ml of ketchup at 0.5: 600 + 100 = 700.
    assert on_hand(sauce) == {"tomato": "7000", "ketchup": "300", "sauce": "2000"}
    assert (made["quantity"], made["unit"], made["value_minor"], made["unit_cost_minor"]) == (
        "2000",
        "ml",
        "700",
        "0.35",
    )
    assert [(each["sku"], each["quantity"], each["value_minor"]) for each in made["ingredients"]] == [
        ("K-TOMATO", "3000", "600"),
        ("K-KETCHUP", "200", "100"),
    ]
    assert (made["recipe_revision"], made["note"], made["reverted_at"]) == (1, "Monday", None)
    assert unit_cost(sauce, "sauce") == "0.35"
    assert told(sauce, "stock.produced") == [made]
    assert sauce.till.get(f"/productions/{made['id']}").json() == made


def test_what_really_went_in_counts_when_somebody_says_it(sauce: Kitchen) -> None:
    used = [
        {"variant_id": sauce.key("tomato"), "quantity": "4", "unit": "kg"},
        {"variant_id": sauce.key("ketchup"), "quantity": "100"},
    ]
    made = make(sauce, quantity="2000", ingredients=used).json()
    assert on_hand(sauce) == {"tomato": "6000", "ketchup": "400", "sauce": "2000"}
    assert (made["value_minor"], made["recipe_revision"]) == ("850", None)


def test_what_has_no_recipe_can_be_made_of_what_is_stated(sauce: Kitchen) -> None:
    used = [{"variant_id": sauce.key("tomato"), "quantity": "500"}]
    made = make(sauce, variant_id=sauce.key("bun"), quantity="10", ingredients=used).json()
    assert (on_hand(sauce)["bun"], made["unit_cost_minor"]) == ("10", "10")


def test_a_batch_is_taken_back_once(sauce: Kitchen) -> None:
    made = make(sauce, quantity="2000").json()
    answer = sauce.till.post(f"/productions/{made['id']}/revert", {})
    assert answer.status_code == 200, answer.json()
    assert on_hand(sauce) == {"tomato": "10000", "ketchup": "500"}
    assert (unit_cost(sauce, "tomato"), unit_cost(sauce, "ketchup")) == ("0.2", "0.5")
    again = sauce.till.post(f"/productions/{made['id']}/revert", {})
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert again.json()["by"] == answer.json()["reverted_by"] != ""
    assert on_hand(sauce) == {"tomato": "10000", "ketchup": "500"}
    assert told(sauce, "stock.production_reverted") == [answer.json()]


def test_a_batch_gets_its_lot_and_last_day(sauce: Kitchen) -> None:
    with tenant_context(sauce.shop.tenant):
        StockItem(item=sauce.goods["sauce"].item, tracking="lot").save()
    made = make(sauce, quantity="500", lot="S-1", expires_on="2030-01-31").json()
    assert (made["lot"], made["expires_on"]) == ("S-1", "2030-01-31")
    with tenant_context(sauce.shop.tenant):
        moved = StockMovement.objects.get(document_id=made["id"], quantity__gt=0)
        assert moved.lot_id == StockProduction.objects.get().lot_id


def test_ingredients_leave_by_the_lot_that_expires_first(sauce: Kitchen) -> None:
    with tenant_context(sauce.shop.tenant):
        StockItem(item=sauce.goods["sauce"].item, tracking="lot").save()
    make(sauce, quantity="100", lot="LATE", expires_on="2030-02-28")
    make(sauce, quantity="100", lot="SOON", expires_on="2030-01-31")
    used = [{"variant_id": sauce.key("sauce"), "quantity": "150"}]
    made = make(sauce, variant_id=sauce.key("bun"), quantity="1", ingredients=used).json()
    assert [(each["lot"], each["quantity"]) for each in made["ingredients"]] == [
        ("SOON", "100"),
        ("LATE", "50"),
    ]


def test_what_is_not_counted_is_not_taken(sauce: Kitchen) -> None:
    with tenant_context(sauce.shop.tenant):
        StockItem(item=sauce.goods["ketchup"].item, policy="untracked").save()
    made = make(sauce, quantity="1000").json()
    assert [each["sku"] for each in made["ingredients"]] == ["K-TOMATO"]
    assert made["value_minor"] == "300"


def test_a_later_cost_of_an_ingredient_reaches_the_batch(bistro: Kitchen) -> None:
    bistro.write("sauce", bistro.line("tomato", "1"), made="in_batches")
    made = make(bistro, quantity="100").json()
    assert made["value_minor"] == "0"
    buy(bistro, tomato=("300", "0.4"))
    assert bistro.till.get(f"/productions/{made['id']}").json()["value_minor"] == "40"
    assert unit_cost(bistro, "sauce") == "0.4"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"quantity": "0"}, ("/quantity", "quantity_out_of_range")),
        ({"quantity": "-1"}, ("/quantity", "quantity_out_of_range")),
        ({"quantity": "NaN"}, ("/quantity", "invalid")),
        ({"quantity": "999999999999"}, ("/quantity", "quantity_out_of_range")),
        ({"quantity": "1", "unit": "kg"}, ("/unit", "unknown_unit")),
        ({"quantity": "1", "expires_on": "2030-01-01"}, ("/lot", "required")),
        ({"quantity": "1", "variant_id": "bun"}, ("/ingredients", "no_recipe")),
        ({"quantity": "1", "variant_id": "burger"}, ("/variant_id", "made_to_order")),
        ({"quantity": "1", "ingredients": [("sauce", "1")]}, ("/ingredients/0/variant_id", "itself")),
        (
            {"quantity": "1", "ingredients": [("tomato", "0")]},
            ("/ingredients/0/quantity", "quantity_out_of_range"),
        ),
    ],
    ids=[
        "nothing",
        "less",
        "NaN",
        "too much",
        "unit",
        "no lot",
        "no recipe",
        "to order",
        "itself",
        "none of it",
    ],
)
def test_what_cannot_be_is_refused_and_nothing_moves(
    sauce: Kitchen, said: dict[str, Any], problem: tuple[str, str]
) -> None:
    sauce.write("burger", sauce.line("bun", "1"))
    if "variant_id" in said:
        said = said | {"variant_id": sauce.key(said["variant_id"])}
    if "ingredients" in said:
        lines = [{"variant_id": sauce.key(name), "quantity": text} for name, text in said["ingredients"]]
        said = said | {"ingredients": lines}
    assert problem in problems(make(sauce, **said))
    assert on_hand(sauce) == {"tomato": "10000", "ketchup": "500"}


def test_a_lot_of_something_else_is_refused(sauce: Kitchen) -> None:
    make(sauce, quantity="100", lot="S-1")
    with tenant_context(sauce.shop.tenant):
        lot_id = str(StockProduction.objects.get().lot_id)
    used = [{"variant_id": sauce.key("tomato"), "quantity": "1", "lot_id": lot_id}]
    answer = make(sauce, variant_id=sauce.key("bun"), quantity="1", ingredients=used)
    assert problems(answer) == [("/ingredients/0/lot_id", "foreign_lot")]


def test_batches_are_found_by_what_where_and_when(sauce: Kitchen) -> None:
    first = make(sauce, quantity="100").json()
    used = [{"variant_id": sauce.key("beef"), "quantity": "5"}]
    second = make(sauce, variant_id=sauce.key("bun"), quantity="1", ingredients=used).json()
    sauce.till.post(f"/productions/{second['id']}/revert", {})

    def found(query: str) -> list[str]:
        return [row["id"] for row in sauce.till.get(f"/productions?{query}").json()["items"]]

    assert found("") == [second["id"], first["id"]]
    assert found(f"variant_id={sauce.key('sauce')}") == [first["id"]]
    assert found(f"uses={sauce.key('beef')}") == [second["id"]]
    assert found("is_reverted=true") == [second["id"]]
    assert found(f"location_id={new_id()}") == []
    assert found("to=2020-01-01") == []
    assert found(f"from={first['business_date']}&to={first['business_date']}") == [second["id"], first["id"]]


def test_a_till_alone_makes_nothing(sauce: Kitchen, till: TillClient) -> None:
    body = {"variant_id": sauce.key("sauce"), "location_id": str(sauce.shop.location.id), "quantity": "1"}
    assert till.post("/productions", body).status_code == 403
    assert sauce.till.post(f"/productions/{new_id()}/revert", {}).status_code == 404
