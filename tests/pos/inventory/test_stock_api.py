"""Stock over HTTP."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from tests.factories import Shop, TillClient, order_body, paired_till

pytestmark = pytest.mark.django_db


def sell(shop: Shop, till: TillClient, *names: str) -> dict[str, Any]:
    told: dict[str, Any] = till.post(
        "/orders", order_body(*((shop.variants[name], "2") for name in names))
    ).json()
    return told


def test_what_is_on_hand(here: Shop, till: TillClient) -> None:
    sell(here, till, "roll", "cheese")
    sell(here, till, "cheese")
    rows = till.get("/stock-levels").json()["items"]
    assert [(row["sku"], row["on_hand"]) for row in rows] == [("ROLL", "-2"), ("CHEESE", "-4")]
    roll = rows[0]
    assert (roll["variant_id"], roll["location_id"]) == (
        str(here.variants["roll"].id),
        str(here.location.id),
    )


def test_how_it_came_to_be(here: Shop, till: TillClient) -> None:
    order = sell(here, till, "roll", "cheese")
    sell(here, till, "roll")
    (roll, cheese) = till.get(f"/stock-movements?order_id={order['id']}").json()["items"]
    assert (roll["sku"], cheese["sku"]) == ("ROLL", "CHEESE")
    del roll["id"]
    assert roll == {
        "variant_id": str(here.variants["roll"].id),
        "location_id": str(here.location.id),
        "sku": "ROLL",
        "kind": "sale",
        "quantity": "-2",
        "value_minor": "0",
        "lot_id": None,
        "order_id": order["id"],
        "order_line_id": order["lines"][0]["id"],
        "document_id": None,
        "document_line_id": None,
        "original_id": None,
        "reason": "",
        "employee_id": None,
        "at": order["placed_at"],
        "business_date": order["business_date"],
        "recorded_at": order["placed_at"],
    }


@pytest.mark.parametrize("path", ["/stock-levels", "/stock-movements"])
def test_of_one_variant_or_one_location(here: Shop, till: TillClient, path: str) -> None:
    sell(here, till, "roll", "cheese")

    def skus(query: str) -> list[str]:
        return [row["sku"] for row in till.get(f"{path}?{query}").json()["items"]]

    assert skus(f"variant_id={here.variants['cheese'].id}") == ["CHEESE"]
    assert skus(f"location_id={here.location.id}") == ["ROLL", "CHEESE"]
    assert skus(f"location_id={new_id()}") == []


@pytest.mark.parametrize("path", ["/stock-levels", "/stock-movements"])
@pytest.mark.parametrize("names", [("roll",), ("roll", "cheese", "book")])
def test_a_list_takes_one_statement_however_long(
    here: Shop, till: TillClient, path: str, names: tuple[str, ...]
) -> None:
    sell(here, till, *names)
    with CaptureQueriesContext(connection) as captured:
        assert len(till.get(path).json()["items"]) == len(names)
    asked = [query["sql"] for query in captured if re.search('FROM "pos_(stock|variant)', query["sql"])]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("variant_id=1", "variant_id", "invalid"),
        ("location_id=main", "location_id", "invalid"),
        ("sku=ROLL", "sku", "unknown_parameter"),
    ],
)
@pytest.mark.parametrize("path", ["/stock-levels", "/stock-movements"])
def test_questions_nobody_understands(
    till: TillClient, path: str, query: str, parameter: str, code: str
) -> None:
    response = till.get(f"{path}?{query}")
    assert response.status_code == 400
    assert [(p["parameter"], p["code"]) for p in response.json()["errors"]] == [(parameter, code)]


@pytest.mark.parametrize("path", ["/stock-levels", "/stock-movements"])
def test_the_neighbours_stock_is_not_seen(here: Shop, there: Shop, till: TillClient, path: str) -> None:
    neighbour = TillClient(there.tenant, paired_till(there.tenant))
    sell(there, neighbour, "roll")
    assert till.get(path).json() == {"items": [], "next_cursor": None}
    assert TillClient(here.tenant, neighbour.headers).get(path).status_code == 401
    assert TillClient(here.tenant).get(path).status_code == 401
