"""Margins and usage in the back office: the figures of the API, in the merchant's currency."""

import pytest

from tests.admin.browsing import office
from tests.pos.inventory.recipes.kitchens import Kitchen, buy

pytestmark = pytest.mark.django_db


def test_margins_are_shown_with_what_is_unknown(bistro: Kitchen) -> None:
    bistro.write("burger", bistro.line("bun", "1"), bistro.line("beef", "0.2", "kg"))
    bistro.write("latte", bistro.line("milk", "200"))
    buy(bistro, bun=("10", "30"), beef=("1000", "1.5"))
    browser = office(bistro.shop.tenant)
    burger, latte = browser.get("/pos/stock-margins/").context["rows"]
    figures = ("price", "net", "cost", "left", "percent", "food")
    assert [burger[name] for name in figures] == ["11.90", "10.00", "3.30", "6.70", "67", "33"]
    assert (latte["cost"], latte["percent"], latte["unknown"]) == ("unknown", "–", 1)
    assert browser.get("/pos/stock-margins/?margin_below=50").context["rows"] == []
    refused = browser.get("/pos/stock-margins/?margin_below=much&recipe=odd&location=nowhere")
    assert sorted(refused.context["form"].errors) == ["location", "margin_below", "recipe"]


def test_usage_is_shown_with_what_is_missing(bistro: Kitchen) -> None:
    buy(bistro, beef=("1000", "1.5"))
    bistro.till.post(
        "/stock-waste",
        {
            "location_id": str(bistro.shop.location.id),
            "variant_id": bistro.key("beef"),
            "quantity": "100",
            "reason_code": "spoiled",
        },
    )
    browser = office(bistro.shop.tenant)
    page = browser.get("/pos/stock-usage/").context
    (beef,) = page["rows"]
    assert [beef[name] for name in ("opening", "waste", "closing", "variance")] == [
        "0",
        "100",
        "900",
        "-1000",
    ]
    assert (page["waste"], page["variance"]) == ("1.50", "-15.00")
    refused = browser.get("/pos/stock-usage/?first=2026-02-02&last=2026-02-01")
    assert list(refused.context["form"].errors) == ["first"]
