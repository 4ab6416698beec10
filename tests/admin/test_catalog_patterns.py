"""Barcode patterns in the back office: saved through the service, ordered, tried before a till reads by them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import BarcodePattern
from staff.employees.models import Employee
from tests.admin.browsing import Browser, office
from tests.admin.trading import Trade, traded
from tests.pos.catalog.makers import item, variant

pytestmark = pytest.mark.django_db

TRIAL = "/pos/barcodepattern/trial/"
RESULTS = "/pos/barcodepattern/trial/results/"
BREAD = "2100042003354"
"""0.335 kg of article 42: 21 00042 00335 and the check digit."""


@pytest.fixture
def trade(cafe: Any) -> Trade:
    """A café with a pattern `21IIIIIWW.WWWC` called Scale, and bread by the kilogram with the number 42."""
    made = traded(cafe)
    with tenant_context(cafe):
        bread = variant("BREAD", price_minor=600, barcodes=("42",))
        item("Bread", bread, category_id=made.place, tax_class_id=made.taxes, unit="kg")
    return made


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def tried(browser: Browser, codes: str, **said: str) -> Any:
    """The rows of the tester, as the template gets them."""
    return browser.get(f"{TRIAL}?{_query(codes=codes, **said)}").context["tried"]


def _query(**said: str) -> str:
    from urllib.parse import urlencode

    return urlencode(said)


def test_a_pattern_is_made_changed_and_told_what_is_wrong_with_it(trade: Trade, browser: Browser) -> None:
    data = {"name": "Prices", "pattern": "23IIIIIPPP.PPC", "position": "4", "is_active": "on"}
    assert browser.post("/pos/barcodepattern/add/", data).status_code == 302
    with tenant_context(trade.tenant):
        made = BarcodePattern.objects.get(name="Prices")
        assert (made.pattern, made.position, made.is_active) == ("23IIIIIPPP.PPC", 4, True)
    path = f"/pos/barcodepattern/{made.pk}/change/"
    page = browser.submit(path, pattern="23PPPPPC")
    assert page.context["adminform"].form.errors["pattern"] == ["no I says where the article number is."]
    assert browser.submit(path, is_active=None).status_code == 302
    with tenant_context(trade.tenant):
        assert not BarcodePattern.objects.get(pk=made.pk).is_active


def test_codes_are_read_by_everything_a_till_knows(browser: Browser) -> None:
    codes = f"PLU2\n{BREAD}\n(01)04006381333931(3103)001250(17)261231(10)L7\n77"
    plu, bread, gs1, unknown = tried(browser, codes, by="all")
    assert (plu.read_by, plu.sku, plu.quantity) == ("its barcode", "MANY-2", "1 each")
    assert (bread.read_by, bread.name, bread.article) == ("Scale", "Bread", "00042")
    assert (bread.weight, bread.quantity, bread.problem) == ("0.335 kg", "0.335 kg", "")
    assert (gs1.read_by, gs1.weight, gs1.lot, gs1.expiry) == ("GS1", "1.25 kg", "L7", "2026-12-31")
    assert gs1.problem == "The catalogue has no such article."
    assert unknown.problem == "The catalogue has no such code."


def test_a_pattern_that_is_not_saved_is_tried_alone(browser: Browser) -> None:
    price, other = tried(browser, "2300042012503\nPLU2", by="pattern", pattern="23IIIIIPPP.PPC")
    assert (price.name, price.price, price.quantity) == ("Bread", "12.50 EUR", "2.083333 kg")
    assert other.problem == "The pattern does not fit this code."


def test_the_separator_may_be_written_in_signs(browser: Browser) -> None:
    [row] = tried(browser, "]C1010400638133393110L7<GS>17261231", by="all")
    assert (row.lot, row.expiry) == ("L7", "2026-12-31")


def test_an_unusable_pattern_and_odd_codes_are_told(browser: Browser) -> None:
    page = browser.get(f"{TRIAL}?{_query(codes='1', by='pattern', pattern='WWW')}")
    assert "The pattern cannot be used: no I says" in page.content.decode()
    long, odd = tried(browser, "1" * 401 + "\na\x07b", by="all")
    assert long.problem == odd.problem == "No scanner sends that: up to 400 printable characters."


def test_only_the_first_twenty_codes_are_tried(browser: Browser) -> None:
    page = browser.get(f"{TRIAL}?{_query(codes=chr(10).join(map(str, range(30))), by='all')}")
    assert len(page.context["tried"]) == 20
    assert "Only the first 20 codes are tried." in page.content.decode()


def test_the_answer_while_typing_is_the_same_table(browser: Browser) -> None:
    answer = browser.post(RESULTS, {"codes": f"{BREAD}\n<b>", "by": "all"})
    assert answer["Content-Type"] == "application/json"
    html = answer.json()["html"]
    assert "Bread" in html
    assert "0.335 kg" in html
    assert "&lt;b&gt;" in html


def test_patterns_change_places(trade: Trade, browser: Browser) -> None:
    trade.more()

    def names() -> list[str]:
        with tenant_context(trade.tenant):
            return list(BarcodePattern.objects.order_by("position", "id").values_list("name", flat=True))

    first, second, third = names()
    with tenant_context(trade.tenant):
        key = BarcodePattern.objects.get(name=third).pk
    assert browser.post(TRIAL, {"move": str(key), "to": "up"}).status_code == 302
    assert names() == [first, third, second]
    for move, to in ((str(key), "aside"), (str(new_id()), "up"), ("x", "down")):
        assert browser.post(TRIAL, {"move": move, "to": to}).status_code == 302
    assert names() == [first, third, second]


def test_who_may_only_read_can_try_and_change_nothing(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access", "catalog.read"]
        role.save()
        key = BarcodePattern.objects.get().pk
    assert tried(browser, BREAD, by="all")[0].name == "Bread"
    assert browser.post(TRIAL, {"move": str(key), "to": "up"}).status_code == 403
    assert browser.post(f"/pos/barcodepattern/{key}/change/", {"name": "X"}).status_code == 403
    with tenant_context(trade.tenant):
        role.permissions = ["admin.access"]
        role.save()
    assert [browser.get(path).status_code for path in (TRIAL, RESULTS)] == [403, 403]


def test_the_tester_shows_one_merchant_and_costs_the_same(
    trade: Trade, grocer: Any, browser: Browser
) -> None:
    page = office(grocer).get(f"{TRIAL}?{_query(codes=BREAD, by='all')}").content.decode()
    assert "Bread" not in page
    assert "Scale" not in page

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(TRIAL)
        return len(captured)

    statements()
    few = statements()
    trade.more()
    assert statements() == few
