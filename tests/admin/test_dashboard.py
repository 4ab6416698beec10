"""The first page: what was sold on each register's own trading day, which drawers are open, the last sales."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.tenancy import tenant_context
from pos.dashboard import last_sales, registers_today
from pos.orders.services import place_order
from tests.admin.browsing import office
from tests.admin.trading import AT, traded
from tests.factories import shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db


def test_each_register_counts_its_own_trading_day(cafe: Any) -> None:
    here = shop(cafe)  # its day ends at four in the morning, Berlin time
    with tenant_context(cafe):
        for at in (
            dt.datetime(2026, 3, 1, 20, 0, tzinfo=dt.UTC),
            dt.datetime(2026, 3, 2, 2, 59, tzinfo=dt.UTC),  # 03:59 in Berlin: still the evening before
            dt.datetime(2026, 3, 2, 3, 1, tzinfo=dt.UTC),
        ):
            draft = sale(sold(here, "cappuccino", "1"), tenders=(cash(here, 380),))
            place_order(draft=draft, actor=here.actor(), at=at)
        night = registers_today(at=dt.datetime(2026, 3, 2, 2, 30, tzinfo=dt.UTC))
        morning = registers_today(at=dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC))
    assert [(row.code, row.day.day, row.order_count, row.total_minor) for row in night] == [
        ("K1", 1, 2, 760),
        ("K2", 1, 0, 0),
    ]
    assert [(row.code, row.day.day, row.order_count, row.total_minor) for row in morning] == [
        ("K1", 2, 1, 380),
        ("K2", 2, 0, 0),
    ]


def test_open_drawers_and_the_last_sales_are_shown(cafe: Any) -> None:
    trade = traded(cafe)
    with tenant_context(cafe):
        rows = registers_today(at=AT)
        drawers = [("C0-CANARY", None), ("K1-CANARY", AT), ("K2-CANARY", AT)]
        assert [(row.code, row.opened_at) for row in rows] == drawers
        assert [(each.number, each.total_minor) for each in last_sales()] == [(2, 615), (1, 240)]
    page = office(trade.tenant).get("/").content.decode()
    assert "2 of 3" in page
    assert "6.15 EUR" in page


def test_the_number_of_statements_does_not_grow(cafe: Any) -> None:
    trade = traded(cafe)
    browser = office(cafe)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/").status_code == 200
        return len(captured)

    statements()
    few = statements()
    trade.more()
    assert statements() == few


def test_an_empty_shop_has_a_first_page(grocer: Any) -> None:
    page = office(grocer).get("/").content.decode()
    assert "There is no register in use yet." in page
    assert "Nothing was sold yet." in page


def test_who_may_not_see_orders_sees_none_here(cafe: Any) -> None:
    from staff.employees.models import Role

    traded(cafe)
    browser = office(cafe)
    with tenant_context(cafe):
        Role.objects.filter(code="owner").update(permissions=["admin.access", "catalog.read"])
    page = browser.get("/").content.decode()
    assert "EUR" not in page
    assert "Items" in page
