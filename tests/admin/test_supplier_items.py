"""What a supplier sells, kept with the supplier: codes, packs, prices and who is preferred."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.tenancy import tenant_context
from pos.purchasing.models import Supplier, SupplierItem
from tests.admin.browsing import Browser, cells, office
from tests.admin.entering import reader
from tests.admin.test_editing import errors_of
from tests.factories import paired_till, shop
from tests.factories.tills import TillClient, signed_in
from tests.pos.purchasing.buying import Buyer

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(cafe: Any) -> Buyer:
    made = shop(cafe)
    found = Buyer(made, TillClient(cafe, signed_in(cafe, paired_till(cafe), role="manager")))
    found.supplier()
    return found


@pytest.fixture
def browser(buyer: Buyer) -> Browser:
    return office(buyer.shop.tenant, "manager", number="71")


def path(buyer: Buyer) -> str:
    return f"/pos/supplier/{buyer.supplier_id}/change/"


def items(buyer: Buyer) -> list[SupplierItem]:
    with tenant_context(buyer.shop.tenant):
        return list(SupplierItem.objects.order_by("supplier_code"))


def test_the_page_shows_what_they_sell_in_units_of_the_currency(buyer: Buyer, browser: Browser) -> None:
    shown = {row["supplier_code"]: row for row in cells(browser.get(path(buyer)), "items")}
    assert sorted(shown) == ["C-5", "R-12"]
    assert (shown["R-12"]["pack_price_minor"], shown["R-12"]["pack_size"]) == ("3.00", "12")
    assert shown["R-12"]["price_breaks"] == [{"packs": "10", "pack_price_minor": "2.70"}]


def test_what_is_sent_unchanged_changes_nothing(buyer: Buyer, browser: Browser) -> None:
    before = [
        (row.supplier_code, row.pack_size, row.pack_price_minor, row.price_breaks, row.is_preferred)
        for row in items(buyer)
    ]
    answer = browser.submit(path(buyer))
    assert answer.status_code == 302, errors_of(answer)
    after = [
        (row.supplier_code, row.pack_size, row.pack_price_minor, row.price_breaks, row.is_preferred)
        for row in items(buyer)
    ]
    assert after == before


def test_articles_are_changed_added_and_taken_out(buyer: Buyer, browser: Browser) -> None:
    rows = {row["supplier_code"]: row for row in cells(browser.get(path(buyer)), "items")}
    roll = rows["R-12"] | {"pack_price_minor": "2.955", "is_preferred": False}
    book = rows["C-5"] | {"variant_id": buyer.variant("book"), "supplier_code": "B-1", "pack_unit": ""}
    answer = browser.submit(path(buyer), items=[roll, book])
    assert answer.status_code == 302, errors_of(answer)
    found = items(buyer)
    assert [(row.supplier_code, str(row.variant_id)) for row in found] == [
        ("B-1", buyer.variant("book")),
        ("R-12", buyer.variant("roll")),
    ]
    assert (str(found[1].pack_price_minor), found[1].is_preferred) == ("295.500000000", False)


def test_a_new_supplier_is_added_with_what_they_sell(buyer: Buyer, browser: Browser) -> None:
    row = {"variant_id": buyer.variant("book"), "supplier_code": "X", "pack_size": "4", "price_breaks": []}
    answer = browser.submit("/pos/supplier/add/", code="new", name="New", language="en", items=[row])
    assert answer.status_code == 302, errors_of(answer)
    with tenant_context(buyer.shop.tenant):
        assert str(Supplier.objects.get(code="new").items.get().pack_size) == "4.000000"


@pytest.mark.parametrize(
    ("cell", "typed", "where"),
    [
        ("pack_size", "0", "Holds"),
        ("pack_size", "-2", "Holds"),
        ("pack_size", "NaN", "Holds"),
        ("pack_price_minor", "-1", "Price of a pack"),
        ("pack_unit", "barrel", "Unit"),
    ],
)
def test_what_cannot_be_stands_at_its_cell_and_stays(
    buyer: Buyer, browser: Browser, cell: str, typed: str, where: str
) -> None:
    rows = cells(browser.get(path(buyer)), "items")
    rows[1][cell] = typed
    page = browser.submit(path(buyer), items=rows, contact="Kept")
    assert f"2 · {where}" in errors_of(page)
    assert cells(page, "items")[1][cell] == typed
    assert len(items(buyer)) == 2
    clean = browser.get(path(buyer)).content.decode()
    assert f"2 · {where}" not in clean
    assert "&quot;problems&quot;: []" in clean


def test_another_merchants_article_is_refused(buyer: Buyer, browser: Browser, grocer: Any) -> None:
    other = shop(grocer)
    rows = cells(browser.get(path(buyer)), "items")
    rows[0]["variant_id"] = str(other.variants["roll"].id)
    assert "There is no such variant" in errors_of(browser.submit(path(buyer), items=rows))


def test_who_is_late_is_told(buyer: Buyer, browser: Browser) -> None:
    stale = browser.get(path(buyer)).context["adminform"].form["version"].value()
    assert browser.submit(path(buyer), phone="1").status_code == 302
    answer = browser.submit(path(buyer), version=stale, phone="2")
    assert "Somebody else changed this meanwhile" in errors_of(answer)


def test_who_may_only_read_sees_what_they_sell(buyer: Buyer) -> None:
    looker = reader(buyer.shop.tenant)
    page = looker.get(path(buyer))
    assert page.status_code == 200
    assert "R-12" in page.content.decode()
    assert looker.post(path(buyer), {"name": "X"}).status_code == 403


def test_the_statements_do_not_grow_with_what_they_sell(buyer: Buyer, browser: Browser) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path(buyer)).status_code == 200
        return len(captured)

    rows = cells(browser.get(path(buyer)), "items")
    assert browser.submit(path(buyer), items=rows[:1]).status_code == 302
    few = statements()
    extra = rows[0] | {"supplier_code": "again", "is_preferred": False}
    assert browser.submit(path(buyer), items=[*rows, extra]).status_code == 302
    assert statements() == few
