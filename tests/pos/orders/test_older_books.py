"""A sale is never refused because the price book it would be priced by is older than what was sold."""

from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from tests.factories import Shop, TillClient
from tests.pos.catalog.documents import sheets
from tests.pos.orders.menu import Menu, serve, stored
from tests.pos.orders.test_oddities import AT, current_book, euro, flags

pytestmark = pytest.mark.django_db

LONG_AGO = "2020-01-01T00:00:00.000Z"


class News:
    """What was published a moment ago: a tea with a tax class of its own, and a soup with a group of its own."""

    def __init__(self, shop: Shop, menu: Menu) -> None:
        self.before = current_book(shop)
        self.herbs = sheets.group("Herbs", sheets.modifier("Basil", price_minor=40))
        tea, soup = sheets.variant("TEA", price_minor=200), sheets.variant("SOUP", price_minor=600)
        place = menu.place["id"]
        menu.variants["juice"]["price_minor"] = 350
        stored(
            shop,
            *menu.documents,
            ("tax_class", sheets.tax_class("luxury", "0.25")),
            ("modifier_group", self.herbs),
            ("item", sheets.item("Tea", tea, category_id=place, tax_class="luxury")),
            ("item", sheets.item("Soup", soup, category_id=place, modifier_groups=[sheets.use(self.herbs)])),
            at=clock.now(),
        )
        self.now = current_book(shop)
        menu.variants |= {"tea": tea, "soup": soup}


@pytest.fixture
def menu(here: Shop) -> Menu:
    return serve(here)


@pytest.fixture
def news(here: Shop, menu: Menu) -> News:
    return News(here, menu)


def said(news: News, how: str) -> tuple[dict[str, Any], str]:
    """What the till says of the time or the book, and what the flag points to."""
    if how == "named":
        return {"price_book": news.before}, "/price_book"
    return {"placed_at": AT if how == "placed" else LONG_AGO}, "/placed_at"


@pytest.mark.parametrize("path", ["/orders", "/quotes"])
@pytest.mark.parametrize("how", ["named", "placed", "reset"])
@pytest.mark.parametrize(("sold", "total"), [("tea", 200 + 350), ("soup", 640 + 350)])
def test_the_newest_book_prices_all_of_it(
    till: TillClient, menu: Menu, news: News, path: str, how: str, sold: str, total: int
) -> None:
    words, pointer = said(news, how)
    chosen: dict[str, Any] = {"modifiers": [menu.chosen(news.herbs)]} if sold == "soup" else {}
    body = {"lines": [menu.line(sold, **chosen), menu.line("juice")], **words}
    answer = till.post(path, body | ({"id": str(new_id()), "tenders": []} if path == "/orders" else {}))
    assert answer.status_code == (201 if path == "/orders" else 200), answer.json()
    told = answer.json()
    assert (told["total"], told["price_book"]) == (euro(total), news.now)
    (flag,) = [flag for flag in told["flags"] if flag["code"] == "price_book_too_old"]
    assert (flag["pointer"], flag["used"]) == (pointer, news.now)
    assert (flag["price_book"] == news.before) == (how != "reset")


def test_what_the_older_book_has_is_priced_by_it(till: TillClient, menu: Menu, news: News) -> None:
    told = till.post("/quotes", {"lines": [menu.line("juice")], "price_book": news.before}).json()
    assert (told["total"], told["price_book"]) == (euro(300), news.before)
    assert [flag["code"] for flag in told["flags"]] == ["superseded_price_book"]


def test_a_group_that_an_item_got_since(here: Shop, till: TillClient, menu: Menu) -> None:
    before = current_book(here)
    bagel = next(body for kind, body in menu.documents if kind == "item" and body["name"] == "Bagel")
    bagel["modifier_groups"] = [sheets.use(menu.shots)]
    stored(here, ("item", bagel), at=clock.now())
    line = menu.line("bagel", modifiers=[menu.chosen(menu.shots)])
    assert flags(till, line, price_book=before) == [
        {
            "code": "price_book_too_old",
            "pointer": "/price_book",
            "price_book": before,
            "used": current_book(here),
        }
    ]


def test_a_component_that_a_combo_got_since(here: Shop, till: TillClient, menu: Menu, news: News) -> None:
    tea = {"variant_id": menu.variants["tea"]["id"], "upcharge_minor": 0, "is_default": False}
    menu.drink["choices"].append(tea)
    stored(here, *menu.documents, at=clock.now())
    both = [menu.component(menu.food, "bagel"), menu.component(menu.drink, "tea")]
    found = flags(till, menu.line("breakfast", components=both), price_book=news.before)
    assert [flag["code"] for flag in found] == ["price_book_too_old"]


def test_a_component_sold_before_that_a_combo_got_since(here: Shop, till: TillClient, menu: Menu) -> None:
    before = current_book(here)
    cookie = {"variant_id": menu.variants["cookie"]["id"], "upcharge_minor": 0, "is_default": False}
    menu.drink["choices"].append(cookie)
    stored(here, *menu.documents, at=clock.now())
    both = [menu.component(menu.food, "bagel"), menu.component(menu.drink, "cookie")]
    found = flags(till, menu.line("breakfast", components=both), price_book=before)
    assert [flag["code"] for flag in found] == ["price_book_too_old"]


@pytest.mark.parametrize("words", [{}, {"placed_at": LONG_AGO}])
def test_what_the_newest_book_lacks_too_is_unknown(
    till: TillClient, menu: Menu, news: News, words: dict[str, Any]
) -> None:
    line = menu.line("soup", modifiers=[{"modifier_id": str(new_id())}])
    answer = till.post("/quotes", {"lines": [line], **words})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_modifier")


def test_a_book_nobody_knows_and_a_clock_that_fell_back(till: TillClient, menu: Menu, news: News) -> None:
    stranger = str(new_id())
    body = {"lines": [menu.line("tea")], "price_book": stranger, "placed_at": LONG_AGO}
    told = till.post("/quotes", body).json()
    assert told["price_book"] == news.now
    assert [(flag["code"], flag["pointer"], flag["used"]) for flag in told["flags"]] == [
        ("unknown_price_book", "/price_book", news.now),
        ("price_book_too_old", "/placed_at", news.now),
    ]
