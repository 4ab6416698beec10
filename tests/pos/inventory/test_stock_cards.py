"""The stock card: what came, what went and what was there, in the order it happened."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.queries import CardPeriod, stock_card
from pos.inventory.services import Cause, StockChange, record_movements
from tests.factories import LocationFactory, Shop, TillClient

pytestmark = pytest.mark.django_db

SINCE, UNTIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


def move(shop: Shop, day: int, kind: str, quantity: str, *, hour: int = 12, **facts: Any) -> None:
    """One movement of rolls on a day of March (0: the last day of February), worth 10 minor units a piece."""
    at = dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC) + dt.timedelta(days=day - 1)
    cause = Cause(
        kind=kind,
        location_id=facts.get("location_id", shop.location.id),
        at=at,
        business_date=at.date(),
        recorded_at=at + dt.timedelta(days=facts.get("days_later", 0)),
        reason=facts.get("reason", ""),
    )
    change = StockChange(
        variant_id=shop.variants["roll"].id,
        quantity=Decimal(quantity),
        value_minor=Decimal(quantity) * 10,
    )
    with tenant_context(shop.tenant):
        record_movements(cause=cause, changes=[change])


def period(shop: Shop, **facts: Any) -> CardPeriod:
    wanted = {"location_id": shop.location.id, "since": SINCE, "until": UNTIL, **facts}
    return CardPeriod(variant_id=shop.variants["roll"].id, **wanted)


@pytest.fixture
def march(here: Shop) -> Shop:
    """Twenty rolls in February, some more, some sold, some thrown away, and a sale that was recorded late."""
    move(here, 0, "opening", "20")
    move(here, 2, "purchase", "30")
    move(here, 2, "sale", "-4", hour=15)
    move(here, 5, "waste", "-1", reason="broken")
    move(here, 3, "sale", "-5", days_later=3)
    move(here, 32, "sale", "-7")
    return here


def test_a_period_adds_up_from_its_opening_to_its_closing(march: Shop) -> None:
    with tenant_context(march.tenant):
        card = stock_card(period=period(march), limit=50)
    assert (card.opening, card.closing) == (Decimal(20), Decimal(40))
    assert (card.opening_value_minor, card.closing_value_minor) == (Decimal(200), Decimal(400))
    assert [(each.kind, each.quantity, each.value_minor) for each in card.sums] == [
        ("purchase", Decimal(30), Decimal(300)),
        ("sale", Decimal(-9), Decimal(-90)),
        ("waste", Decimal(-1), Decimal(-10)),
    ]


def test_days_have_what_came_what_went_and_the_evening(march: Shop) -> None:
    with tenant_context(march.tenant):
        card = stock_card(period=period(march), limit=50)
    assert [(each.date.day, each.came, each.went, each.on_hand) for each in card.days] == [
        (2, Decimal(30), Decimal(-4), Decimal(46)),
        (3, Decimal(0), Decimal(-5), Decimal(41)),
        (5, Decimal(0), Decimal(-1), Decimal(40)),
    ]


def test_what_was_recorded_late_stands_where_it_happened(march: Shop) -> None:
    with tenant_context(march.tenant):
        card = stock_card(period=period(march), limit=50)
    assert [(row.at.day, row.kind, row.quantity, row.on_hand_after) for row in card.rows] == [
        (5, "waste", Decimal(-1), Decimal(40)),
        (3, "sale", Decimal(-5), Decimal(41)),
        (2, "sale", Decimal(-4), Decimal(46)),
        (2, "purchase", Decimal(30), Decimal(50)),
    ]


def test_a_card_without_movements(here: Shop) -> None:
    with tenant_context(here.tenant):
        card = stock_card(period=period(here), limit=50)
    assert (card.opening, card.closing, card.days, card.rows) == (Decimal(0), Decimal(0), (), ())


def test_all_locations_together(march: Shop) -> None:
    with tenant_context(march.tenant):
        elsewhere = LocationFactory()
    move(march, 4, "purchase", "100", location_id=elsewhere.id)
    with tenant_context(march.tenant):
        assert stock_card(period=period(march, location_id=None), limit=50).closing == Decimal(140)
        assert stock_card(period=period(march, location_id=elsewhere.id), limit=50).closing == Decimal(100)


@pytest.mark.parametrize("more", [0, 30])
def test_a_card_takes_two_statements_however_long(march: Shop, more: int) -> None:
    for day in range(more):
        move(march, 6 + day % 20, "sale", "-1")
    with tenant_context(march.tenant), CaptureQueriesContext(connection) as queries:
        stock_card(period=period(march), limit=10)
    asked = [each for each in queries.captured_queries if "pos_stockmovement" in each["sql"]]
    assert len(asked) == 2


def test_pages_go_on_with_the_right_balance(march: Shop, till: TillClient) -> None:
    path = f"/stock-cards/{march.variants['roll'].id}?since=2026-03-01&until=2026-04-01&limit=3"
    first = till.get(path).json()
    second = till.get(f"{path}&cursor={first['next_cursor']}").json()
    assert [row["on_hand_after"] for row in first["movements"]] == ["40", "41", "46"]
    assert [row["on_hand_after"] for row in second["movements"]] == ["50"]
    assert second["next_cursor"] is None
    assert (first["opening"], first["closing"], first["closing_value_minor"]) == ("20", "40", "400")
    assert (first["sku"], first["unit"], first["currency"]) == ("ROLL", "each", "EUR")


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("since=2026-04-01&until=2026-03-01", "until", "invalid_period"),
        ("since=2026-03-01&until=2026-03-01", "until", "invalid_period"),
        ("since=2000-01-01&until=2026-03-01", "until", "invalid_period"),
        ("since=1999-12-31&until=2000-01-05", "since", "invalid_period"),
        ("since=2026-02-30", "since", "invalid"),
        ("cursor=abc", "cursor", "invalid_cursor"),
        ("limit=0", "limit", "invalid"),
    ],
)
def test_a_period_that_cannot_be_is_told(
    march: Shop, till: TillClient, query: str, parameter: str, code: str
) -> None:
    answer = till.get(f"/stock-cards/{march.variants['roll'].id}?{query}")
    assert answer.status_code == 400
    assert [(each["parameter"], each["code"]) for each in answer.json()["errors"]] == [(parameter, code)]


def test_no_card_of_what_is_not_there(till: TillClient) -> None:
    assert till.get(f"/stock-cards/{new_id()}").status_code == 404
