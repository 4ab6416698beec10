"""The books over HTTP: for those who may see them, and only this merchant's."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import Shop, TillClient, order_body, paired_till, shop, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    return shop(cafe)


@pytest.fixture
def there(grocer: Any) -> Shop:
    return shop(grocer)


@pytest.fixture
def till(here: Shop) -> TillClient:
    return TillClient(here.tenant, paired_till(here.tenant))


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    """A manager signed in at the till."""
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def test_the_transfers_of_an_order(here: Shop, manager: TillClient) -> None:
    order = manager.post("/orders", order_body((here.variants["roll"], "2"), cash=(100, "EUR"))).json()
    manager.post("/orders", order_body((here.variants["roll"], "1")))
    rows = manager.get(f"/ledger/transfers?order_id={order['id']}").json()["items"]
    assert [(row["kind"], row["debit"], row["credit"], row["amount"]) for row in rows] == [
        ("sale", "receivable", "sales:reduced", euro(84)),
        ("tax", "receivable", "tax:reduced", euro(6)),
        ("payment", "cash", "receivable", euro(100)),
        ("change", "receivable", "cash", euro(10)),
    ]
    assert {(row["order_id"], row["at"], row["business_date"]) for row in rows} == {
        (order["id"], order["placed_at"], order["business_date"])
    }
    assert rows[2]["payment_id"] == order["payments"][0]["id"]


def test_the_transfers_of_a_day(here: Shop, manager: TillClient) -> None:
    for at in ("2026-01-02T12:00:00Z", "2026-01-03T12:00:00Z"):
        manager.post("/orders", order_body((here.variants["cheese"], "1"), placed_at=at))
    rows = manager.get("/ledger/transfers?business_date=2026-01-03").json()["items"]
    assert [(row["at"], row["amount"]) for row in rows] == [("2026-01-03T12:00:00.000Z", euro(1299))]


def test_the_books_balance(here: Shop, manager: TillClient) -> None:
    manager.post("/orders", order_body((here.variants["book"], "1"), cash=(2000, "EUR")))
    told = manager.get("/ledger/trial-balance").json()
    assert told["total"] == euro(0)
    moved = {row["code"]: row["balance"] for row in told["accounts"] if row["balance"] != euro(0)}
    assert moved == {"cash": euro(1200), "sales:added": euro(-1000), "tax:added": euro(-200)}
    cash = next(row for row in told["accounts"] if row["code"] == "cash")
    assert (cash["kind"], cash["debit"], cash["credit"]) == ("asset", euro(2000), euro(800))


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_one_statement_however_long(here: Shop, manager: TillClient, count: int) -> None:
    for _ in range(count):
        manager.post("/orders", order_body((here.variants["cheese"], "1")))
    with CaptureQueriesContext(connection) as captured:
        assert len(manager.get("/ledger/transfers").json()["items"]) == count
    asked = [query["sql"] for query in captured if re.search('FROM "payments_', query["sql"])]
    assert len(asked) == 1


@pytest.mark.parametrize("path", ["/ledger/transfers", "/ledger/trial-balance"])
def test_the_books_are_for_managers_of_this_merchant(
    here: Shop, there: Shop, till: TillClient, path: str
) -> None:
    alone = till.get(path)
    assert (alone.status_code, alone.json()["code"]) == (403, "forbidden")
    cashier = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="cashier"))
    assert cashier.get(path).status_code == 403
    neighbour = signed_in(there.tenant, paired_till(there.tenant), role="manager")
    for headers in ({}, neighbour, {**till.headers, "Staff-Session": neighbour["Staff-Session"]}):
        assert TillClient(here.tenant, headers).get(path).status_code == 401


def test_the_neighbours_books_are_not_in_ours(here: Shop, there: Shop, manager: TillClient) -> None:
    neighbour = TillClient(there.tenant, paired_till(there.tenant))
    order = neighbour.post("/orders", order_body((there.variants["roll"], "1"))).json()
    assert manager.get("/ledger/transfers").json()["items"] == []
    assert manager.get(f"/ledger/transfers?order_id={order['id']}").json()["items"] == []
    balances = {
        row["balance"]["amount_minor"] for row in manager.get("/ledger/trial-balance").json()["accounts"]
    }
    assert balances == {0}


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [("order_id=7", "order_id", "invalid"), ("business_date=today", "business_date", "invalid")],
)
def test_questions_nobody_understands(manager: TillClient, query: str, parameter: str, code: str) -> None:
    response = manager.get(f"/ledger/transfers?{query}")
    assert response.status_code == 400
    assert [(p["parameter"], p["code"]) for p in response.json()["errors"]] == [(parameter, code)]
