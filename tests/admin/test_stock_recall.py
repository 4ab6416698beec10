"""The recall's page and the lists of lots and alerts, of one merchant."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from pos.inventory.services.alerts import watch_all
from tests.admin.browsing import office
from tests.factories import Shop, shop
from tests.pos.inventory.lots.lots import AT, receive, sell, track

NOBODYS = "019a0000-0000-7000-8000-000000000001"
pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    """Two lots of rolls, of which one was sold, and a cheese with the same code."""
    made = shop(cafe)
    track(made, roll="lot", cheese="lot")
    receive(made, "roll", ("L1", "10", dt.date(2020, 3, 5)), ("L2", "4", None))
    receive(made, "cheese", ("L1", "2", None))
    sell(made, ("roll", "3", {}))
    with tenant_context(cafe):
        list(watch_all(at=AT))
    return made


def test_the_page_says_who_bought_it_and_what_is_left(here: Shop) -> None:
    answer = office(here.tenant).get("/pos/stock-recall/?code=L1&sku=roll")
    page = answer.context
    assert [(row["code"], row["left"]) for row in page["recalled"]] == [("L1", [(here.location.name, "7")])]
    groups = {title: rows for title, rows in page["groups"] if rows}
    assert [(row["quantity"], row["who"]) for row in groups["Where it came from"]] == [("10 each", "")]
    assert [(row["quantity"], row["who"], row["is_inferred"]) for row in groups["Who bought it"]] == [
        ("-3 each", "K1", True)
    ]


def test_a_code_of_several_items_asks_which_one(here: Shop) -> None:
    page = office(here.tenant).get("/pos/stock-recall/?code=L1")
    assert [lot.variant.sku for lot in page.context["lots"]] == ["ROLL", "CHEESE"]
    assert "recalled" not in page.context
    assert "Which one?" in page.content.decode()


def test_the_file_is_the_same_as_the_apis(here: Shop) -> None:
    answer = office(here.tenant).get("/pos/stock-recall/?code=L2&as=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode("utf-8-sig").splitlines()[1].startswith('"receipts","purchase","L2","ROLL"')


@pytest.mark.parametrize(
    "query", ["code=NONE", "lot_id=x", "code=" + "9" * 21, f"lot_id={NOBODYS}", "code=L1&sku=%27"]
)
def test_what_is_not_there_is_said_so(here: Shop, query: str) -> None:
    page = office(here.tenant).get(f"/pos/stock-recall/?{query}")
    assert page.status_code == 200
    assert "Nobody received or sold such a lot." in page.content.decode()


def test_another_merchant_finds_nothing(here: Shop, grocer: Any) -> None:
    shop(grocer)
    page = office(grocer).get("/pos/stock-recall/?code=L1").content.decode()
    assert "Nobody received or sold such a lot." in page
    assert "Roll" not in page


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("stock=in", ["L1", "L1", "L2"]),
        ("stock=out", []),
        ("stock=negative", []),
        ("stock=lost", []),
        ("kind=serial", []),
        ("expires=expired", ["L1"]),
        ("expires=never", []),
        ("q=chee", ["L1"]),
        ("q=L2", ["L2"]),
    ],
)
def test_lots_are_filtered(here: Shop, query: str, codes: list[str]) -> None:
    page = office(here.tenant).get(f"/pos/stocklot/?{query}")
    with tenant_context(here.tenant):
        assert sorted(row.code for row in page.context["cl"].result_list) == codes


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("open=yes", ["expiring"]),
        ("open=no", []),
        ("kind=expiring", ["expiring"]),
        ("kind=low", []),
        ("q=L1", ["expiring"]),
    ],
)
def test_alerts_are_filtered(here: Shop, query: str, kinds: list[str]) -> None:
    page = office(here.tenant).get(f"/pos/stockalert/?{query}")
    with tenant_context(here.tenant):
        assert [row.kind for row in page.context["cl"].result_list] == kinds
