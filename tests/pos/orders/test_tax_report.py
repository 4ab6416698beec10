"""Taxes of a period: sales less refunds, by tax and rate, and the same as the books have."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.queries import trial_balance
from tests.factories import LocationFactory, Shop, TillClient, order_body, paired_till, shop, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    return shop(cafe)


@pytest.fixture
def till(here: Shop) -> TillClient:
    """A till with the owner signed in."""
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="owner"))


def sold(here: Shop, till: TillClient, day: str, *lines: tuple[str, str]) -> Mapping[str, Any]:
    body = order_body(
        *((here.variants[name], quantity) for name, quantity in lines),
        cash=(50_000, "EUR"),
        placed_at=f"{day}T12:00:00Z",
    )
    answer = till.post("/orders", body)
    assert answer.status_code == 201, answer.json()
    made: Mapping[str, Any] = answer.json()
    return made


def refunded(till: TillClient, order: Mapping[str, Any], day: str, quantity: str) -> None:
    line = {"order_line_id": order["lines"][0]["id"], "quantity": quantity, "goods": "none"}
    body = {"id": str(new_id()), "lines": [line], "reason": "cold", "at": f"{day}T15:00:00Z"}
    answer = till.post(f"/orders/{order['id']}/refunds", body)
    assert answer.status_code == 201, answer.json()


def report(till: TillClient, query: str = "") -> list[tuple[Any, ...]]:
    told = till.get(f"/reports/taxes{query}")
    assert told.status_code == 200, told.json()
    names = ("sold_net", "sold_tax", "refunded_tax", "net", "tax", "booked")
    return [
        (row["period"], row["code"], row["rate"], *(row[name]["amount_minor"] for name in names))
        for row in told.json()["items"]
    ]


def test_taxes_are_told_by_tax_and_rate(here: Shop, till: TillClient) -> None:
    """Two rolls at 0.45 contain 0.06 of 7 %; a book at 10.00 costs 20 % on top."""
    sold(here, till, "2026-01-02", ("roll", "2"), ("book", "1"))
    sold(here, till, "2026-01-03", ("roll", "1"))
    assert report(till) == [
        (None, "added", "0.2", 1000, 200, 0, 1000, 200, 200),
        (None, "reduced", "0.07", 126, 9, 0, 126, 9, 9),
    ]
    assert report(till, "?by=day&from=2026-01-03") == [("2026-01-03", "reduced", "0.07", 42, 3, 0, 42, 3, 3)]
    assert [row[0] for row in report(till, "?by=month")] == ["2026-01-01", "2026-01-01"]


def test_refunds_are_taken_off_on_their_day(here: Shop, till: TillClient) -> None:
    order = sold(here, till, "2026-01-02", ("roll", "2"))
    refunded(till, order, "2026-01-05", "1")
    assert report(till, "?by=day") == [
        ("2026-01-02", "reduced", "0.07", 84, 6, 0, 84, 6, 6),
        ("2026-01-05", "reduced", "0.07", 0, 0, 3, -42, -3, -3),
    ]
    refunded(till, order, "2026-01-06", "1")
    assert report(till) == [(None, "reduced", "0.07", 84, 6, 6, 0, 0, 0)]


def test_the_report_agrees_with_the_accounts_of_the_ledger(here: Shop, till: TillClient) -> None:
    for number, day in enumerate(("2026-01-02", "2026-01-03", "2026-02-03")):
        order = sold(here, till, day, ("book", "2"), ("roll", "3"), ("cheese", "0.413"))
        if number:
            refunded(till, order, day, "1")
    whole = till.get("/reports/taxes").json()
    assert whole["total"] == whole["booked"]
    with tenant_context(here.tenant):
        owed = {row.code: -row.balance_minor for row in trial_balance() if row.code.startswith("tax:")}
    told: dict[str, int] = {}
    for row in whole["items"]:
        code = f"tax:{row['code']}"
        told[code] = told.get(code, 0) + row["tax"]["amount_minor"]
    assert {code: value for code, value in told.items() if value} == {
        code: value for code, value in owed.items() if value
    }


def test_a_location_has_its_own(here: Shop, till: TillClient) -> None:
    sold(here, till, "2026-01-02", ("roll", "1"))
    with tenant_context(here.tenant):
        other = LocationFactory.create()
    assert report(till, f"?location_id={here.location.pk}") == [(None, "reduced", "0.07", 42, 3, 0, 42, 3, 3)]
    assert report(till, f"?location_id={other.pk}") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_report_takes_two_statements_however_long(here: Shop, till: TillClient, count: int) -> None:
    for _ in range(count):
        refunded(till, sold(here, till, "2026-01-02", ("roll", "2")), "2026-01-03", "1")
    with CaptureQueriesContext(connection) as captured:
        assert till.get("/reports/taxes?by=day").status_code == 200
    asked = [query for query in captured if "pos_ordertax" in query["sql"] or "payments_" in query["sql"]]
    assert len(asked) == 2


def test_questions_nobody_understands_and_who_may_ask(here: Shop, till: TillClient) -> None:
    for query in ("?by=year", "?from=2026-02-01&to=2026-01-01", "?location_id=7", "?as_of=2026-01-01"):
        assert till.get(f"/reports/taxes{query}").status_code == 400, query
    alone = TillClient(here.tenant, paired_till(here.tenant))
    assert alone.get("/reports/taxes").status_code == 403
