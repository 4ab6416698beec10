"""Why things are thrown away: the list is edited in the back office, whole, and whoever is late is told."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from pos.inventory.queries.waste import waste_reasons
from tests.admin.browsing import Browser, cells, office
from tests.admin.entering import enter, filled_entry, reader, wrong
from tests.factories import Shop, shop

pytestmark = pytest.mark.django_db

PATH = "/pos/waste-reasons/"


@pytest.fixture
def kept(cafe: Any) -> Shop:
    return shop(cafe)


@pytest.fixture
def browser(kept: Shop) -> Browser:
    return office(kept.tenant, "manager", number="71")


def codes(kept: Shop) -> list[str]:
    with tenant_context(kept.tenant):
        return [each.code for each in waste_reasons()]


def test_the_list_is_changed_and_an_empty_one_brings_the_usual_back(kept: Shop, browser: Browser) -> None:
    usual = codes(kept)
    first = cells(browser.get(PATH), "reasons")[0]
    added = {"code": "burnt", "name": "Burnt", "is_active": True}
    assert enter(browser, PATH, reasons=[added, first]).status_code == 302
    assert codes(kept) == ["burnt", first["code"]]
    assert enter(browser, PATH, reasons=[]).status_code == 302
    assert codes(kept) == usual


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"code": "Big Words", "name": "X"}, "1 · Code"),
        ({"code": "", "name": "X"}, "1 · Code"),
        ({"code": "ok", "name": ""}, "1 · Name"),
        ({"code": "ok", "name": "x" * 81}, "1 · Name"),
    ],
)
def test_what_cannot_be_stands_at_its_cell_and_stays(
    kept: Shop, browser: Browser, row: dict[str, str], where: str
) -> None:
    usual = codes(kept)
    page = enter(browser, PATH, reasons=[row | {"is_active": True}])
    assert where in wrong(page)
    assert cells(page, "reasons")[0]["name"] == row["name"]
    assert codes(kept) == usual


def test_a_code_that_stands_twice_is_refused(browser: Browser) -> None:
    row = {"code": "burnt", "name": "Burnt", "is_active": True}
    assert "2 · Code: This code is stated twice." in wrong(enter(browser, PATH, reasons=[row, row]))


def test_who_is_late_is_told_and_who_may_only_read_is_refused(kept: Shop, browser: Browser) -> None:
    late = filled_entry(browser.get(PATH))
    row = {"code": "burnt", "name": "Burnt", "is_active": True}
    assert enter(browser, PATH, reasons=[row]).status_code == 302
    assert "Somebody else changed this" in wrong(browser.post(PATH, late))
    assert reader(kept.tenant).get(PATH).status_code == 403
    assert codes(kept) == ["burnt"]
