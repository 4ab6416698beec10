"""What stock is worth and revaluing it, in the back office."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLevel, StockMovement
from tests.admin.browsing import Browser, office
from tests.factories import Shop, shop
from tests.pos.inventory.costing.stock import move, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    """Ten rolls that cost 12.34 and half a kilogram of cheese for 5.005 euros."""
    made = shop(cafe)
    with tenant_context(cafe):
        move(made, "purchase", "10", value="1234", at=1)
        move(made, "purchase", "0.5", value="500.5", name="cheese", at=2)
        settled(made, "roll", "cheese")
    return made


def path(made: Shop, name: str = "roll") -> str:
    return f"/pos/stock-revaluation/{made.variants[name].id}/{made.location.id}/"


def test_the_page_shows_what_stock_is_worth(here: Shop) -> None:
    page = office(here.tenant).get("/pos/stock-valuation/").context
    assert (page["total"], page["level_count"]) == ("17.35", 2)
    rows = {row["sku"]: (row["quantity"], row["average"], row["value"]) for row in page["rows"]}
    assert rows == {"ROLL": ("10", "1.234", "12.34"), "CHEESE": ("0.5", "10.01", "5.01")}
    assert page["may_revalue"]


def test_or_was_worth_in_the_evening_of_a_day(here: Shop) -> None:
    browser = office(here.tenant)
    page = browser.get("/pos/stock-valuation/?date=2026-02-28").context
    assert (page["total"], page["rows"], page["may_revalue"]) == ("0.00", [], False)
    page = browser.get(f"/pos/stock-valuation/?date=2026-03-01&q=chee&location={here.location.id}").context
    assert (page["total"], [row["sku"] for row in page["rows"]]) == ("5.01", ["CHEESE"])


def test_questions_nobody_understands(here: Shop) -> None:
    answer = office(here.tenant).get("/pos/stock-valuation/?date=never&location=nowhere")
    assert answer.status_code == 200
    assert {"Enter a valid date.", "Choose one of these."} <= {
        message for errors in answer.context["form"].errors.values() for message in errors
    }


def test_what_is_there_is_revalued(here: Shop) -> None:
    browser = office(here.tenant)
    form = browser.get(path(here)).context["form"]
    sent = {"key": str(form.initial["key"]), "unit_cost": "1.5005", "reason": "new price list"}
    assert browser.post(path(here), sent).status_code == 302
    with tenant_context(here.tenant):
        level = StockLevel.objects.get(variant=here.variants["roll"])
        assert level.value_minor == Decimal("1500.5")
        assert StockMovement.objects.get(kind="revaluation").reason == "new price list"
    again = browser.post(path(here), sent)
    assert "did this at" in again.content.decode()


@pytest.mark.parametrize(
    ("cost", "sentence"),
    [
        ("-1", "greater than or equal to 0"),
        ("NaN", "Enter a number."),
        ("1e-18", "So small a part"),
        ("1.234", "worth just that already"),
    ],
)
def test_costs_that_cannot_be_are_told(here: Shop, cost: str, sentence: str) -> None:
    browser = office(here.tenant)
    key = str(browser.get(path(here)).context["form"].initial["key"])
    answer = browser.post(path(here), {"key": key, "unit_cost": cost, "reason": "x"})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    with tenant_context(here.tenant):
        assert not StockMovement.objects.filter(kind="revaluation").exists()


def test_another_merchants_stock_is_not_there(here: Shop, grocer: Any) -> None:
    browser = office(grocer)
    assert browser.get(path(here)).status_code == 404
    assert browser.get("/pos/stock-valuation/").context["rows"] == []
    stranger = Browser(f"{here.tenant.slug}.localhost")
    assert stranger.get("/pos/stock-valuation/").status_code in {302, 403}
