"""What would this cost? The page prices as tills would, shows one merchant, and saves nothing."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import Variant
from pos.catalog.services.documents import save_documents
from staff.employees.models import Employee
from tests.admin.browsing import Browser, office
from tests.admin.trading import Trade, traded
from tests.pos.catalog.makers import AT, EDITOR, category, item, variant

pytestmark = pytest.mark.django_db

FRIDAY = {"date": "2026-11-27", "time": "18:05"}


@pytest.fixture
def trade(cafe: Any) -> Trade:
    """Members pay 10 % less; on weekdays from 17:00 to 19:00 everything is 20 % off."""
    made = traded(cafe)
    with tenant_context(cafe):
        members = {
            "id": str(new_id()),
            "name": "Regulars",
            "priority": 10,
            "when": {"customer_groups": ["member"]},
            "entries": [{"category_id": str(made.place), "percent_off": "0.1"}],
            "is_active": True,
        }
        happy = {
            "id": str(new_id()),
            "name": "Happy hour",
            "priority": 10,
            "when": {"weekdays": [1, 2, 3, 4, 5], "times": [["17:00", "19:00"]]},
            "rule": {"kind": "percent_off", "percent": "0.2", "select": {"categories": [str(made.place)]}},
            "is_active": True,
        }
        documents = [("price_list", members), ("promotion", happy), *_others_off()]
        save_documents(documents=documents, actor=EDITOR, at=AT, cause="offers")
    return made


def _others_off() -> list[tuple[str, Any]]:
    """The offers that every trade has, switched off."""
    return [
        (kind, {**document, "is_active": False})
        for kind in ("price_list", "promotion", "service_charge")
        for document in read_documents(kind=kind).values()
    ]


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def asked(browser: Browser, **said: str) -> Any:
    page = browser.get(f"/pos/price-preview/?{urlencode(said)}")
    assert page.status_code == 200
    return page


def price_of(page: Any, sku: str) -> tuple[str, ...]:
    [row] = [row for row in page.context["rows"] if row["variant"].sku == sku]
    return tuple(row[name] for name in ("list_price", "unit_price", "discount", "tax", "total"))


def test_a_member_on_friday_evening_and_anybody_at_noon(browser: Browser) -> None:
    friday = asked(browser, **FRIDAY, customer_group="member", q="espresso")
    # 2.40 less 10 % is 2.16, less 20 % (0.43) is 1.73, of which 19/119 are 0.28
    assert price_of(friday, "ONE") == ("2.40", "2.16", "-0.43", "0.28", "1.73")
    noon = asked(browser, date="2026-11-27", time="12:00", q="espresso")
    assert price_of(noon, "ONE") == ("2.40", "2.40", "", "0.38", "2.40")
    assert "Friday 2026-11-27 18:05" in friday.content.decode()


def test_quantity_place_and_coupons_are_part_of_the_occasion(trade: Trade, browser: Browser) -> None:
    page = asked(
        browser,
        **FRIDAY,
        quantity="2.5",
        location=str(trade.shop.location.pk),
        coupons="AUTUMN  SPRING",
        order_type="take_away",
        channel="web",
        q="espresso",
    )
    occasion = page.context["occasion"]
    assert (occasion.location_id, occasion.coupons) == (trade.shop.location.pk, {"AUTUMN", "SPRING"})
    assert (occasion.order_type, occasion.channel, occasion.customer_group) == ("take_away", "web", None)
    assert price_of(page, "ONE")[-1] == "4.80"  # 2.5 × 2.40 less 20 %


def test_a_row_is_explained_step_by_step(trade: Trade, browser: Browser) -> None:
    page = asked(browser, **FRIDAY, customer_group="member", explain=str(trade.one.id))
    steps = [(step["text"], step["amount"], step["after"]) for step in page.context["explained"]["steps"]]
    assert steps == [
        ("Price in the catalogue", "+2.40", "2.40"),
        ("Price list Regulars", "-0.24", "2.16"),
        ("Offer: Happy hour", "-0.43", "1.73"),
        ("of which VAT standard: 0.28", "", "1.73"),
    ]
    for unknown in ("x", str(new_id()), ""):
        assert asked(browser, explain=unknown).context["explained"] is None


def test_groups_that_rules_name_are_offered(browser: Browser) -> None:
    assert '<option value="member">' in asked(browser).content.decode()


def test_a_category_shows_what_lies_below_it(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        below = category("Hot", parent_id=trade.place)
        item("Tea", variant("TEA"), category_id=below, tax_class_id=trade.taxes)
        elsewhere = category("Elsewhere")
        item("Coal", variant("COAL"), category_id=elsewhere, tax_class_id=trade.taxes)

    def skus(key: Any) -> set[str]:
        return {row["variant"].sku for row in asked(browser, category=str(key)).context["rows"]}

    assert skus(below) == {"TEA"}
    assert skus(elsewhere) == {"COAL"}
    assert {"TEA", "ONE", "MANY-0"} <= skus(trade.place)


def test_what_is_not_sold_is_not_shown(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        Variant.objects.filter(sku="ONE").update(is_active=False)
    assert not asked(browser, q="espresso").context["rows"]


@pytest.mark.parametrize(
    "query",
    [
        {"date": "x", "time": "25:00"},
        {"date": "9999-12-31", "time": "23:59"},
        {"quantity": "-1"},
        {"quantity": "1e99"},
        {"quantity": "NaN"},
        {"location": "x"},
        {"category": "01900000-0000-7000-8000-000000000000"},
        {"q": "x" * 999},
        {"page": "-1"},
        {"page": "99999999999999999999"},
        {"order_type": "fly"},
        {"coupons": "x" * 999},
    ],
)
def test_an_odd_question_is_answered_and_is_no_error(browser: Browser, query: dict[str, str]) -> None:
    assert "rows" not in asked(browser, **query).context or query.keys() & {"page"}


def test_looking_changes_nothing_and_costs_the_same(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        before = log.head()
    asked(browser)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            asked(browser, **FRIDAY)
        return len(captured)

    few = statements()
    with tenant_context(trade.tenant):
        assert log.head() == before
    trade.more()
    statements()
    assert statements() == few


def test_it_shows_one_merchant_to_those_who_may_read(trade: Trade, grocer: Any, browser: Browser) -> None:
    page = asked(office(grocer), **FRIDAY, explain=str(trade.one.id)).content.decode()
    assert not [word for word in ("Espresso", "Regulars", "Happy hour", "Everything") if word in page]
    with tenant_context(trade.tenant):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access"]
        role.save()
    assert browser.get("/pos/price-preview/").status_code == 403
    assert 'href="/admin/pos/price-preview/"' not in browser.get("/").content.decode()
