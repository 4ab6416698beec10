"""Lots and alerts over HTTP: lists with the filters a shopkeeper thinks in."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockTarget
from pos.inventory.services.alerts import watch_all
from tests.factories import LocationFactory, Shop, TillClient
from tests.pos.inventory.lots.lots import AT, receive, sell, track

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery(here: Shop) -> Shop:
    """Lots of rolls, one sold out, one oversold, and a serial of a book."""
    track(here, roll="lot", book="serial")
    receive(
        here,
        "roll",
        ("GONE", "2", dt.date(2026, 3, 2)),
        ("GOOD", "5", dt.date(2026, 3, 20)),
        ("OVER", "1", None),
    )
    receive(here, "book", ("S1", "1", None))
    sell(here, ("roll", "2", {"lot": "GONE"}), ("roll", "2", {"lot": "OVER"}))
    return here


def codes(till: TillClient, query: str = "") -> list[str]:
    answer = till.get(f"/stock-lots?{query}")
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["items"]]


def test_a_lot_as_it_is_told(bakery: Shop, till: TillClient) -> None:
    (row,) = till.get("/stock-lots?code=GOOD").json()["items"]
    assert row == {
        "id": row["id"],
        "variant_id": str(bakery.variants["roll"].id),
        "sku": "ROLL",
        "name": "Roll",
        "unit": "each",
        "code": "GOOD",
        "kind": "lot",
        "expires_on": "2026-03-20",
        "received_at": "2026-03-01T12:00:00.000Z",
        "levels": [{"location_id": str(bakery.location.id), "on_hand": "5"}],
    }


def test_lots_are_found_by_what_a_shopkeeper_asks(bakery: Shop, till: TillClient) -> None:
    assert set(codes(till)) == {"GONE", "GOOD", "OVER", "S1"}
    assert set(codes(till, f"variant_id={bakery.variants['roll'].id}")) == {"GONE", "GOOD", "OVER"}
    assert codes(till, "kind=serial") == ["S1"]
    assert set(codes(till, "state=in")) == {"GOOD", "S1"}
    assert codes(till, "state=out") == ["GONE"]
    assert codes(till, "state=negative") == ["OVER"]
    assert codes(till, "expires_before=2026-03-20") == ["GONE"]
    assert set(codes(till, "expires_before=2026-03-21")) == {"GONE", "GOOD"}
    assert set(codes(till, f"location_id={bakery.location.id}&state=in")) == {"GOOD", "S1"}
    with tenant_context(bakery.tenant):
        other = LocationFactory.create(code="other")
    assert codes(till, f"location_id={other.id}") == []


@pytest.mark.parametrize(
    ("path", "query", "parameter", "code"),
    [
        ("/stock-lots", "state=lost", "state", "invalid_choice"),
        ("/stock-lots", "expires_before=soon", "expires_before", "invalid"),
        ("/stock-lots", "variant_id=1", "variant_id", "invalid"),
        ("/stock-lots", "lot=1", "lot", "unknown_parameter"),
        ("/stock-alerts", "kind=loud", "kind", "invalid_choice"),
        ("/stock-alerts", "open=yes", "open", "invalid_choice"),
        ("/stock-alerts", "location_id=main", "location_id", "invalid"),
    ],
)
def test_questions_nobody_understands(
    till: TillClient, path: str, query: str, parameter: str, code: str
) -> None:
    answer = till.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert [(each["parameter"], each["code"]) for each in answer.json()["errors"]] == [(parameter, code)]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_lots_takes_two_statements_however_long(here: Shop, till: TillClient, count: int) -> None:
    track(here, roll="lot")
    receive(here, "roll", *((f"L{number}", "1", None) for number in range(count)))
    with CaptureQueriesContext(connection) as captured:
        assert len(codes(till)) == count
    assert len([row for row in captured if "pos_stocklot" in row["sql"]]) == 2


def kinds(till: TillClient, query: str = "") -> list[tuple[str, str]]:
    answer = till.get(f"/stock-alerts?{query}")
    assert answer.status_code == 200, answer.content
    return [(row["kind"], row["sku"]) for row in answer.json()["items"]]


def test_alerts_are_listed_the_newest_first_and_filtered(bakery: Shop, till: TillClient) -> None:
    with tenant_context(bakery.tenant):
        StockTarget.objects.create(
            variant=bakery.variants["cheese"], location=bakery.location, reorder_point=Decimal(1)
        )
        list(watch_all(at=AT))
        StockTarget.objects.all().delete()
        list(watch_all(at=AT + dt.timedelta(days=15)))
    assert sorted(kinds(till)) == [("expiring", "ROLL"), ("low", "CHEESE")]
    assert kinds(till, "open=true") == [("expiring", "ROLL")]
    assert kinds(till, "open=false") == [("low", "CHEESE")]
    assert kinds(till, "kind=expiring") == [("expiring", "ROLL")]
    assert kinds(till, f"location_id={bakery.location.id}&kind=low") == [("low", "CHEESE")]
    assert kinds(till, f"location_id={new_id()}") == []
    category = bakery.variants["roll"].item.category_id
    assert len(kinds(till, f"category_id={category}")) == 2
    assert kinds(till, f"category_id={new_id()}") == []
    (row,) = till.get("/stock-alerts?kind=expiring").json()["items"]
    assert (row["lot"], row["data"]) == (
        "GOOD",
        {"on_hand": "5", "expires_on": "2026-03-20", "days_left": 4},
    )
