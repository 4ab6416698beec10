"""The books in the back office: the chart, balances and exports, taxes, limits of roles."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Account
from payments.ledger.services import ensure_accounts
from staff.employees.models import Role
from tests.admin.browsing import office
from tests.factories import Shop, TillClient, order_body, paired_till, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    """A café that sold a roll for 0.45 on the second of January."""
    made = shop(cafe)
    till = TillClient(cafe, paired_till(cafe))
    body = order_body((made.variants["roll"], "1"), cash=(100, "EUR"), placed_at="2026-01-02T12:00:00Z")
    assert till.post("/orders", body).status_code == 201
    return made


def test_the_balances_of_a_period(here: Shop) -> None:
    browser = office(here.tenant, "owner")
    page = browser.get("/payments/books/?since=2026-01-01&until=2026-01-31").context
    shown = {row["code"]: row["balance"] for row in page["rows"]}
    assert shown == {"cash": "0.45", "receivable": "0.00", "sales:reduced": "-0.42", "tax:reduced": "-0.03"}
    assert page["total"] == "0.00"
    assert browser.get("/payments/books/?since=2026-02-01").context["rows"] == []


def test_the_journal_as_a_file_or_why_not(here: Shop) -> None:
    browser = office(here.tenant, "owner")
    answer = browser.get("/payments/books/?since=2026-01-01&until=2026-01-31&take=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer.streaming_content).count(b"\r\n") == 5
    for close in answer._resource_closers:
        close()
    for query, word in (
        ("since=2026-01-01&until=2026-01-31&take=datev", "need a number"),
        ("take=csv", "first and last day"),
        ("since=2026-02-01&until=2026-01-31", "ends before"),
        ("take=nonsense", "Choose one of these"),
    ):
        assert word in browser.get(f"/payments/books/?{query}").content.decode(), query


def test_a_chart_to_start_from(here: Shop) -> None:
    browser = office(here.tenant, "owner")
    assert browser.get("/payments/chart/").status_code == 200
    assert browser.post("/payments/chart/", {"template": "skr03"}).status_code == 302
    rows = {row["key"]: row for row in browser.get("/payments/chart/").context["rows"]}
    assert rows["cash"]["account"] == "1000"
    assert rows["cash"]["how"] == "mapped"
    manager = office(here.tenant, "manager", number="8")
    assert manager.get("/payments/chart/").status_code == 403
    assert manager.get("/payments/books/").status_code == 200


def test_an_account_is_changed_through_its_service(here: Shop) -> None:
    browser = office(here.tenant, "owner")
    with tenant_context(here.tenant):
        ensure_accounts(codes=["tips"])
        cash = Account.objects.get(code="cash")
    path = f"/payments/account/{cash.pk}/change/"
    values = {"number": "1000", "name": "Till", "kind": "asset", "posting_keys": "tips", "is_active": "on"}
    assert browser.post(path, values).status_code == 302
    with tenant_context(here.tenant):
        cash.refresh_from_db()
        assert (cash.number, cash.name, cash.posting_keys) == ("1000", "Till", ["tips"])
    refused = browser.post(path, {**values, "posting_keys": "tips,gold"})
    assert "Nothing is booked as gold" in refused.content.decode()
    assert office(here.tenant, "manager", number="8").post(path, values).status_code == 403


def test_taxes_of_a_period(here: Shop) -> None:
    browser = office(here.tenant, "owner")
    [row] = browser.get("/pos/taxes/?by=day").context["rows"]
    assert (row["code"], row["rate"], row["net"], row["tax"], row["booked"], row["differs"]) == (
        "reduced",
        "7 %",
        "0.42",
        "0.03",
        "0.03",
        False,
    )
    assert browser.get("/pos/taxes/?since=never&by=year&location=nowhere").status_code == 200


def test_limits_of_a_role_are_stated_and_only_what_differs_is_kept(here: Shop) -> None:
    browser = office(here.tenant, "owner")
    with tenant_context(here.tenant):
        role = Role.objects.get_or_create(code="cashier", defaults={"name": "Cashier"})[0]
    path = f"/staff/role/{role.pk}/change/"
    page = browser.get(path).content.decode()
    assert 'name="refund_minor"' in page
    values = {**role.limits_in_force, "refund_minor": "0", "void_minor": ""}
    assert browser.post(path, values).status_code == 302
    with tenant_context(here.tenant):
        role.refresh_from_db()
        assert role.limits == {"refund_minor": 0, "void_minor": None}
    assert browser.post(path, {**values, "discount_percent": "101"}).status_code == 200
    manager = office(here.tenant, "manager", number="8")
    assert manager.post(path, values).status_code == 403
