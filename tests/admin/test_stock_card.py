"""The stock card's page: a chart, sums and rows of one merchant's item."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.services import Cause, StockChange, record_movements
from tests.admin.browsing import Browser, office
from tests.factories import Shop, shop

pytestmark = pytest.mark.django_db

PERIOD = "since=2026-03-01&last=2026-03-10"


@pytest.fixture
def here(cafe: Any) -> Shop:
    """Twenty rolls came, four were sold, one fell and was recorded five hours later."""
    made = shop(cafe)
    move(made, "purchase", "20", "200", hour=8)
    move(made, "sale", "-4", "-40", hour=12)
    move(made, "waste", "-1", "-10", hour=11, later=5)
    return made


def move(made: Shop, kind: str, quantity: str, value: str, *, hour: int, later: int = 0) -> None:
    at = dt.datetime(2026, 3, 2, hour, tzinfo=dt.UTC)
    cause = Cause(
        kind=kind,
        location_id=made.location.id,
        at=at,
        business_date=at.date(),
        recorded_at=at + dt.timedelta(hours=later),
        reason="<b>fell</b>" if kind == "waste" else "",
    )
    change = StockChange(
        variant_id=made.variants["roll"].id, quantity=Decimal(quantity), value_minor=Decimal(value)
    )
    with tenant_context(made.tenant):
        record_movements(cause=cause, changes=[change])


def path(made: Shop, query: str = PERIOD) -> str:
    return f"/pos/stock-card/{made.variants['roll'].id}/?{query}"


def test_the_page_shows_level_sums_and_rows(here: Shop) -> None:
    answer = office(here.tenant).get(path(here))
    page = answer.context
    assert page["ends"] == {
        "opening": "0",
        "opening_value": "0.00",
        "closing": "15",
        "closing_value": "1.50",
    }
    assert page["sums"] == [("purchase", "20", "2.00"), ("sale", "-4", "-0.40"), ("waste", "-1", "-0.10")]
    assert [(row["kind"], row["quantity"], row["after"]) for row in page["rows"]] == [
        ("sale", "-4", "15"),
        ("waste", "-1", "19"),
        ("purchase", "+20", "20"),
    ]
    assert [row["is_late"] for row in page["rows"]] == [False, True, False]
    text = answer.content.decode()
    assert text.count("<rect") == 2
    assert "&lt;b&gt;fell&lt;/b&gt;" in text
    assert "<b>fell</b>" not in text


def test_a_location_where_it_never_was(here: Shop) -> None:
    page = office(here.tenant).get(path(here, f"{PERIOD}&location={here.location.id}"))
    assert page.context["ends"]["closing"] == "15"
    refused = office(here.tenant, number="8").get(path(here, f"{PERIOD}&location={new_id()}"))
    assert "Choose one of these." in refused.content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=2026-03-10&last=2026-03-01", "from the earlier day on"),
        ("since=2024-01-01&last=2026-03-01", "has at most 400 days"),
        ("since=1999-12-31&last=2000-01-02", "A period between 2000 and 2199"),
        ("since=yesterday", "Enter a valid date."),
    ],
)
def test_a_period_that_cannot_be_is_told(here: Shop, query: str, sentence: str) -> None:
    answer = office(here.tenant).get(path(here, query))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "chart" not in answer.context


def test_another_merchants_item_has_no_card_here(here: Shop, grocer: Any) -> None:
    assert office(grocer).get(path(here)).status_code == 404


def test_levels_lead_to_the_card_and_are_found_by_state(here: Shop) -> None:
    browser = office(here.tenant)
    listed = browser.get("/pos/stocklevel/?state=in").content.decode()
    assert f"/admin/pos/stock-card/{here.variants['roll'].id}/?location={here.location.id}" in listed
    for state in ("out", "negative", "low", "over", "reserved", "in_transit", "nonsense"):
        assert "stock-card" not in browser.get(f"/pos/stocklevel/?state={state}").content.decode()


def test_the_browser_of_someone_without_the_right_is_refused(here: Shop) -> None:
    browser = Browser(f"{here.tenant.slug}.localhost")
    assert browser.get(path(here)).status_code in {302, 403}
