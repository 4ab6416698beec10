"""Promotions of every kind, price lists, service charges and menus, typed in and shown again."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.models import Menu, PriceList, Promotion, ServiceCharge
from tests.admin.browsing import Browser, office
from tests.admin.test_catalog_records import only, saved
from tests.admin.test_editing import errors_of
from tests.admin.trading import Trade, traded

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


ALL = {"of": "all", "categories": [], "items": [], "variants": [], "tags": []}
TEA = ALL | {"of": "some", "tags": ["tea"]}
RULES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "percent_off": ({"percent": "10", "select": TEA}, {"select": {"tags": ["tea"]}, "percent": "0.1"}),
    "amount_off": ({"amount_minor": "0.5", "select": ALL}, {"select": {"all": True}, "amount_minor": 50}),
    "fixed_price": ({"price_minor": "5", "select": ALL}, {"select": {"all": True}, "price_minor": 500}),
    "buy_get": (
        {
            "buy": ALL,
            "buy_quantity": "2",
            "get": ALL | {"of": "none"},
            "get_quantity": "1",
            "percent_of_got": "50",
        },
        {"buy": {"all": True}, "buy_quantity": 2, "get": None, "get_quantity": 1, "percent": "0.5"},
    ),
    "n_for_price": (
        {"n": "3", "price_minor": "10", "select": ALL},
        {"select": {"all": True}, "n": 3, "price_minor": 1000},
    ),
    "cheapest_free": ({"n": "3", "select": TEA}, {"select": {"tags": ["tea"]}, "n": 3}),
    "threshold": (
        {"minimum_minor": "50", "off": {"which": "amount_minor", "value": "5"}, "select": ALL},
        {"select": {"all": True}, "minimum_minor": 5000, "amount_minor": 500},
    ),
    "tiered": (
        {
            "measure": "amount",
            "tiers": [{"from": "30.00", "off": {"which": "percent", "value": "5"}}],
            "select": ALL,
        },
        {"select": {"all": True}, "measure": "amount", "tiers": [{"from": "3000", "percent": "0.05"}]},
    ),
    "bundle": (
        {
            "for": {"which": "price_minor", "value": "6"},
            "parts": [{"quantity": "1", "select": TEA}, {"quantity": "2", "select": ALL}],
        },
        {
            "parts": [
                {"select": {"tags": ["tea"]}, "quantity": 1},
                {"select": {"all": True}, "quantity": 2},
            ],
            "price_minor": 600,
        },
    ),
}


@pytest.mark.parametrize("kind", RULES)
def test_a_promotion_of_each_kind_is_typed_and_shown_again(trade: Trade, browser: Browser, kind: str) -> None:
    typed, stored = RULES[kind]
    answer = browser.submit(
        "/pos/promotion/add/",
        name="Happy hour",
        rule={"kind": kind, **typed},
        when={"weekdays": ["5"], "times": [{"from": "17:00", "until": "19:00"}], "locations": []},
        group="season",
        cap_minor="12.50",
        max_applications="3" if kind == "n_for_price" else "",
    )
    assert answer.status_code == 302, errors_of(answer)
    row = only(trade, Promotion, name="Happy hour")
    made = saved(trade, "promotion", row.pk)
    assert made["rule"] == {"kind": kind, **stored}
    assert made["when"] == {"weekdays": [5], "times": [["17:00", "19:00"]]}
    assert (made["group"], made["cap_minor"], made["excluded"]) == ("season", 1250, None)
    with tenant_context(trade.tenant):
        before = log.head()
    assert browser.submit(f"/pos/promotion/{row.pk}/change/").status_code == 302
    with tenant_context(trade.tenant):
        assert log.head() == before


WRONG_RULES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing selected": (
        {"kind": "percent_off", "percent": "10", "select": ALL | {"of": "some"}},
        "Name at least one",
    ),
    "no share": ({"kind": "percent_off", "percent": "", "select": ALL}, "Share off: This field is required."),
    "too much": ({"kind": "percent_off", "percent": "101", "select": ALL}, "Share off"),
    "no kind": ({"kind": "gift", "select": ALL}, "Kind: This is not one of the available choices."),
    "no tiers": ({"kind": "tiered", "measure": "quantity", "tiers": [], "select": ALL}, "at least one tier"),
}


@pytest.mark.parametrize("case", WRONG_RULES)
def test_a_promotion_that_gives_nothing_sensible_is_refused(
    trade: Trade, browser: Browser, case: str
) -> None:
    rule, sentence = WRONG_RULES[case]
    page = browser.submit("/pos/promotion/add/", name="Wrong", rule=rule)
    assert sentence in errors_of(page)
    with tenant_context(trade.tenant):
        assert not Promotion.objects.filter(name="Wrong").exists()


def test_a_price_list_a_charge_and_a_menu_are_made(trade: Trade, browser: Browser) -> None:
    entry = {"category_id": "", "min_quantity": "1", "effect": {"which": "amount_off_minor", "value": "0.20"}}
    page = browser.submit(
        "/pos/pricelist/add/", name="Staff", entries=[entry], when={"customer_groups": "staff, board"}
    )
    assert page.status_code == 302, errors_of(page)
    made = saved(trade, "price_list", only(trade, PriceList, name="Staff").pk)
    assert made["when"] == {"customer_groups": ["board", "staff"]}
    assert made["entries"] == [{"category_id": None, "min_quantity": "1", "amount_off_minor": 20}]
    page = browser.submit(
        "/pos/servicecharge/add/",
        name="Cover",
        charge={"charge": {"which": "per_cover_minor", "value": "1.50"}},
        tax_class=str(trade.taxes),
    )
    assert page.status_code == 302, errors_of(page)
    made = saved(trade, "service_charge", only(trade, ServiceCharge, name="Cover").pk)
    assert (made["per_cover_minor"], made["tax_class"], "percent" in made) == (150, "standard", False)
    entries = [{"entry": {"which": "item_id", "value": str(trade.small["pos.item"])}}]
    page = browser.submit("/pos/menu/add/", name="Breakfast", entries=entries, when={"times": []})
    assert page.status_code == 302, errors_of(page)
    assert saved(trade, "menu", only(trade, Menu, name="Breakfast").pk)["entries"] == [
        {"item_id": str(trade.small["pos.item"])}
    ]


def test_a_charge_after_the_taxes_is_not_taxed(trade: Trade, browser: Browser) -> None:
    page = browser.submit(
        "/pos/servicecharge/add/",
        name="Late",
        charge={"charge": {"which": "percent", "value": "10"}},
        phase="after_tax",
    )
    assert "A charge after the taxes is not taxed." in errors_of(page)
    assert "is_taxable" in page.context["adminform"].form.errors
