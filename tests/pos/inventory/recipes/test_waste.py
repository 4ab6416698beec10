"""Waste: an ingredient or a dish, for a reason of the merchant's list; summed up by reason."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockItem
from tests.factories import TillClient
from tests.pos.inventory.recipes.kitchens import Kitchen, buy, on_hand, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def stocked(bistro: Kitchen) -> Kitchen:
    """A burger of a bun and 200 g of beef; both are there."""
    bistro.write("burger", bistro.line("bun", "1"), bistro.line("beef", "0.2", "kg"))
    buy(bistro, bun=("50", "30"), beef=("5000", "1.5"))
    return bistro


def waste(bistro: Kitchen, name: str, quantity: str, **said: Any) -> Any:
    body = {
        "location_id": str(bistro.shop.location.id),
        "variant_id": bistro.key(name),
        "quantity": quantity,
        "reason_code": "spoiled",
    }
    return bistro.till.post("/stock-waste", body | said)


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.json()
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def test_an_ingredient_is_thrown_away_in_any_of_its_units(stocked: Kitchen) -> None:
    answer = waste(stocked, "beef", "0.5", unit="kg", note="Fridge door open")
    assert answer.status_code == 201, answer.json()
    told_of = answer.json()
    assert on_hand(stocked) == {"bun": "50", "beef": "4500"}
    assert (told_of["quantity"], told_of["unit"], told_of["value_minor"]) == ("500", "g", "750")
    assert (told_of["by_recipe"], told_of["reason_code"], told_of["note"]) == (
        False,
        "spoiled",
        "Fridge door open",
    )
    assert told(stocked, "stock.wasted") == [told_of]
    assert stocked.till.get(f"/stock-waste/{told_of['id']}").json() == told_of


def test_a_dish_is_thrown_away_by_its_recipe(stocked: Kitchen) -> None:
    told_of = waste(stocked, "burger", "3", reason_code="kitchen_mistake").json()
    assert on_hand(stocked) == {"bun": "47", "beef": "4400"}
    assert (told_of["by_recipe"], told_of["value_minor"]) == (True, "990")
    assert [(each["sku"], each["quantity"], each["value_minor"]) for each in told_of["goods"]] == [
        ("K-BUN", "3", "90"),
        ("K-BEEF", "600", "900"),
    ]


def test_waste_is_taken_back_once(stocked: Kitchen) -> None:
    told_of = waste(stocked, "burger", "3").json()
    answer = stocked.till.post(f"/stock-waste/{told_of['id']}/revert", {})
    assert (answer.status_code, answer.json()["reverted_at"] is None) == (200, False)
    assert on_hand(stocked) == {"bun": "50", "beef": "5000"}
    again = stocked.till.post(f"/stock-waste/{told_of['id']}/revert", {})
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert again.json()["state"] == "reverted"
    assert again.json()["detail"] == f"{again.json()['by']} took this back at {again.json()['at']}."
    assert stocked.till.get("/stock-waste/report").json()["reasons"] == []


def test_the_report_says_what_was_lost_by_reason_the_dearest_first(stocked: Kitchen) -> None:
    waste(stocked, "bun", "2", reason_code="expired")
    waste(stocked, "bun", "1", reason_code="expired")
    waste(stocked, "burger", "1", reason_code="staff_meal")
    report = stocked.till.get(f"/stock-waste/report?location_id={stocked.shop.location.id}").json()
    assert (report["currency"], report["value_minor"]) == ("EUR", "420")
    shown = [
        (
            reason["name"],
            reason["value_minor"],
            [(row["sku"], row["count"], row["quantity"]) for row in reason["goods"]],
        )
        for reason in report["reasons"]
    ]
    assert shown == [
        ("Staff meal", "330", [("K-BEEF", 1, "200"), ("K-BUN", 1, "1")]),
        ("Expired", "90", [("K-BUN", 2, "3")]),
    ]
    assert stocked.till.get("/stock-waste/report?from=2020-01-01&to=2020-12-31").json()["reasons"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-02-02&to=2026-02-01", "period_backwards"),
        ("from=2020-01-01&to=2026-01-01", "period_too_long"),
    ],
    ids=["backwards", "too long"],
)
def test_a_period_that_is_none_is_refused(stocked: Kitchen, query: str, code: str) -> None:
    answer = stocked.till.get(f"/stock-waste/report?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


def test_the_merchants_own_reasons_take_the_place_of_the_usual_ones(stocked: Kitchen) -> None:
    usual = stocked.till.get("/stock-waste/reasons").json()["reasons"]
    assert usual[0] == {"code": "spoiled", "name": "Spoiled", "is_active": True}
    own = [
        {"code": "dropped", "name": "Dropped", "is_active": True},
        {"code": "spoiled", "name": "Gone bad", "is_active": False},
    ]
    assert stocked.till.put("/stock-waste/reasons", {"reasons": own}).json() == {"reasons": own}
    assert waste(stocked, "bun", "1", reason_code="dropped").status_code == 201
    assert problems(waste(stocked, "bun", "1")) == [("/reason_code", "unknown_reason")]
    assert stocked.till.put("/stock-waste/reasons", {"reasons": []}).json()["reasons"] == usual
    assert told(stocked, "stock.waste_reasons_changed")[0] == {"reasons": own}


def test_reasons_have_codes_of_their_own(stocked: Kitchen) -> None:
    twice = [{"code": "a", "name": "A"}, {"code": "a", "name": "B"}]
    assert problems(stocked.till.put("/stock-waste/reasons", {"reasons": twice})) == [
        ("/reasons/1/code", "repeated")
    ]
    bad = [{"code": "So so", "name": "A"}]
    assert problems(stocked.till.put("/stock-waste/reasons", {"reasons": bad})) == [
        ("/reasons/0/code", "bad_code")
    ]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"quantity": "0"}, ("/quantity", "quantity_out_of_range")),
        ({"quantity": "-2"}, ("/quantity", "quantity_out_of_range")),
        ({"quantity": "Infinity"}, ("/quantity", "invalid")),
        ({"unit": "l"}, ("/unit", "unknown_unit")),
        ({"reason_code": "boredom"}, ("/reason_code", "unknown_reason")),
        ({"variant_id": str(new_id())}, ("/variant_id", "not_found")),
        ({"lot_id": str(new_id())}, ("/lot_id", "foreign_lot")),
    ],
    ids=["nothing", "less", "Infinity", "unit", "reason", "nobody's", "lot"],
)
def test_what_cannot_be_is_refused_and_nothing_moves(
    stocked: Kitchen, said: dict[str, Any], problem: tuple[str, str]
) -> None:
    assert problem in problems(waste(stocked, "beef", said.pop("quantity", "1"), **said))
    assert on_hand(stocked) == {"bun": "50", "beef": "5000"}


def test_what_is_not_counted_cannot_be_wasted(stocked: Kitchen) -> None:
    with tenant_context(stocked.shop.tenant):
        StockItem(item=stocked.goods["bun"].item, policy="untracked").save()
    assert problems(waste(stocked, "bun", "1")) == [("/variant_id", "not_stocked")]


def test_waste_is_found_by_what_where_why_and_when(stocked: Kitchen) -> None:
    dish = waste(stocked, "burger", "1", reason_code="tasting").json()["id"]
    bun = waste(stocked, "bun", "1").json()["id"]

    def found(query: str) -> list[str]:
        return [row["id"] for row in stocked.till.get(f"/stock-waste?{query}").json()["items"]]

    assert found("") == [bun, dish]
    assert found(f"variant_id={stocked.key('bun')}") == [bun, dish]
    assert found(f"variant_id={stocked.key('burger')}") == [dish]
    assert found("reason_code=tasting") == [dish]
    assert found("to=2020-01-01") == []


def test_a_till_alone_wastes_nothing(stocked: Kitchen, till: TillClient) -> None:
    body = {
        "location_id": str(stocked.shop.location.id),
        "variant_id": stocked.key("bun"),
        "quantity": "1",
        "reason_code": "spoiled",
    }
    assert till.post("/stock-waste", body).status_code == 403
    assert till.put("/stock-waste/reasons", {"reasons": []}).status_code == 403
