"""What waits for somebody: a line for each kind on the first page, and the page where all of it stands."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.clock import now
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Connection
from payments.reconciliation.models import Difference, Dispute
from tests.admin.browsing import office
from tests.payments.credit.test_back_office import said
from tests.payments.reconciliation.listing import Desk, desk_at, listing_present

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(cafe: Any) -> Iterator[Desk]:
    with listing_present() as vendor:
        with tenant_context(cafe):
            made = desk_at(vendor)
        yield made


def disputed(desk: Desk, **facts: Any) -> Dispute:
    """A dispute of 50.00 that wants an answer within two days."""
    at = now()
    values: dict[str, Any] = {"state": "needs_response", "due_at": at + 2 * DAY, "reason": "fraudulent"}
    values |= {"vendor_id": f"dis_{next(desk.numbers)}", "amount_minor": 5000, "currency": "EUR"} | facts
    made: Dispute = Dispute.objects.create(connection=desk.connection, opened_at=at, seen_at=at, **values)
    return made


def trouble(cafe: Any, desk: Desk) -> None:
    """One of each kind, and of each kind one that nobody has to look at any more."""
    with tenant_context(cafe):
        _trouble(desk)


def _trouble(desk: Desk) -> None:
    late: dict[str, Any] = {"next_look_at": now()}
    desk.attempt(300, state="unknown", **late)
    desk.attempt(300, state="unknown", overridden_at=now(), **late)
    desk.attempt(400, settled=False, **late)
    paid = desk.attempt(900)
    desk.refund(paid, 200, state="failed")
    desk.refund(paid, 100)
    disputed(desk)
    for over in ({"submitted_at": now()}, {"state": "lost"}, {"due_at": now() - DAY}):
        disputed(desk, **over)
    for state in ("open", "resolved"):
        Difference.objects.create(
            kind="missing_here",
            subject=f"txn_{next(desk.numbers)}",
            currency="EUR",
            state=state,
            found_at=now(),
        )
    lost(desk, is_active=True)
    lost(desk, is_active=False)


def lost(desk: Desk, *, is_active: bool) -> None:
    name = f"Old {next(desk.numbers)}"
    Connection.objects.create(
        gateway="listing",
        name=name,
        account=name,
        state="disconnected",
        is_active=is_active,
        created_at=now(),
        checked_at=now(),
    )


def test_the_first_page_tells_each_kind_with_its_number_and_leads_to_it(cafe: Any, desk: Desk) -> None:
    browser = office(cafe)
    assert browser.get("/").context["waiting"] == []
    trouble(cafe, desk)
    shown = browser.get("/")
    lines = [
        (each["told"], each["address"].removeprefix("/admin/payments/")) for each in shown.context["waiting"]
    ]
    assert lines == [
        ("1 payment account is not connected", "connection/"),
        ("1 dispute wants an answer", "disputes/"),
        ("1 refund did not arrive", "waiting/"),
        ("1 payment may have been taken, or not", "waiting/"),
        ("1 payment was put to nothing", "waiting/"),
        ("1 difference to providers is open", "differences/"),
    ]
    assert "1 dispute wants an answer , the first until 20" in said(shown)
    for _, path in lines:
        assert browser.get(f"/payments/{path}").status_code == 200


def test_however_much_waits_the_first_page_asks_the_same(cafe: Any, desk: Desk) -> None:
    browser = office(cafe)
    browser.get("/")
    asked = []
    for _ in range(2):
        trouble(cafe, desk)
        with CaptureQueriesContext(connection) as captured:
            told = [each["told"] for each in browser.get("/").context["waiting"]]
        asked.append(len(captured))
    assert asked[0] == asked[1]
    assert told[:2] == ["2 payment accounts are not connected", "2 disputes want an answer"]


def test_lost_accounts_and_disputes_stand_on_the_page_of_what_waits(cafe: Any, desk: Desk) -> None:
    browser = office(cafe)
    assert "Nothing waits for anybody." in said(browser.get("/payments/waiting/"))
    trouble(cafe, desk)
    page = browser.get("/payments/waiting/")
    told = said(page)
    for words in (
        "Not connected",
        "Connect it again",
        "The cardholder did not pay this in 1 day",
        "50.00 EUR",
    ):
        assert words in told
    assert [
        len(page.context[each]) for each in ("lost", "disputes", "undecided", "unsettled", "refunds")
    ] == [1] * 5
    assert "Nothing waits" not in told


def test_a_phone_is_told_what_is_the_matter_and_with_how_much(cafe: Any, desk: Desk) -> None:
    """Below 640 pixels cells of class `wide` are hidden, but not in rows that are stacked."""
    trouble(cafe, desk)
    page = office(cafe).get("/payments/waiting/").content.decode()
    told = [" ".join(each.split()) for each in re.findall(r'<td class="wide below">([^<]*)', page)]
    assert told == [
        "It is not known yet whether 3.00 EUR was taken. Do not take it again: it is being looked up.",
        "4.00 EUR was taken.",
    ]
    assert page.count('class="fy-wrap fy-stack"') == page.count("<table") == 5
    assert ".fy .fy-stack td.wide { display: block; }" in page
