"""Card payments in the back office: the truth, every step, and what can be done about it."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from payments.gateways import base
from payments.gateways.models import Attempt, Connection, GatewayRefund
from payments.gateways.services import connection_facts, look_at_attempt, plan_refund, send_refund
from staff.employees.models import Employee
from tests.admin.browsing import office
from tests.admin.test_payment_pages import words_of
from tests.payments.gateways.asking import AT, Desk, desk_of
from tests.payments.gateways.vendor import LOST, Vendor, vendor_present

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def desk(cafe: Any, vendor: Vendor) -> Desk:
    with tenant_context(cafe):
        return desk_of(vendor, [])


def unknown(cafe: Any, desk: Desk) -> Attempt:
    desk.vendor.then("present", LOST)
    with tenant_context(cafe):
        return desk.presented(purpose="nothing")


def test_looking_again_ends_what_is_unknown(cafe: Any, desk: Desk) -> None:
    row, browser = unknown(cafe, desk), office(cafe)
    page = browser.get(f"/payments/attempt/{row.pk}/act/").content.decode()
    assert "It is not known yet whether 12.50 EUR was taken." in page
    desk.vendor.guest_pays(row.pk)
    assert browser.post(f"/payments/attempt/{row.pk}/step/", {"step": "look"}).status_code == 302
    page = browser.get(f"/payments/attempt/{row.pk}/act/").content.decode()
    assert "12.50 EUR was taken and is not put to an order yet." in page
    assert "Nobody takes money for" in page
    browser.post(f"/payments/attempt/{row.pk}/step/", {"step": "give_back", "reason": "paid in cash"})
    with tenant_context(cafe):
        row.refresh_from_db()
        assert (row.refunded_minor, row.settled_at is None) == (1250, False)
    assert desk.vendor.charges["ch_1"].refunded == 1250


def test_another_payment_is_allowed_with_a_reason(cafe: Any, desk: Desk) -> None:
    row, browser = unknown(cafe, desk), office(cafe)
    browser.post(f"/payments/attempt/{row.pk}/step/", {"step": "override", "reason": ""})
    with tenant_context(cafe):
        assert Attempt.objects.get(pk=row.pk).overridden_at is None
    browser.post(f"/payments/attempt/{row.pk}/step/", {"step": "override", "reason": "bank app says no"})
    with tenant_context(cafe):
        assert Attempt.objects.get(pk=row.pk).override_reason == "bank app says no"


def test_a_payment_is_let_go(cafe: Any, desk: Desk) -> None:
    with tenant_context(cafe):
        row = desk.presented()
    office(cafe).post(f"/payments/attempt/{row.pk}/step/", {"step": "cancel"})
    assert desk.vendor.charges["ch_1"].state == "cancelled"


@pytest.mark.parametrize(("step", "state"), [("send_refund", "succeeded"), ("settle_refund", "settled")])
def test_a_refund_that_failed_is_sent_again_or_settled(cafe: Any, desk: Desk, step: str, state: str) -> None:
    with tenant_context(cafe):
        row = desk.presented(purpose="nothing")
        desk.vendor.guest_pays(row.pk)
        look_at_attempt(attempt_id=row.pk, at=AT)
        with unit_of_work():
            refund = plan_refund(
                attempt_id=row.pk,
                part_id=new_id(),
                amount_minor=500,
                reason="cold",
                at=AT,
                business_date=dt.date(2026, 3, 2),
            )
        desk.vendor.then("refund", base.Declined("The card is closed.", code="expired_card"))
        send_refund(refund_id=refund.pk, at=AT)
    browser, path = office(cafe), f"/payments/attempt/{row.pk}/act/"
    page = browser.get(path).content.decode()
    assert "The card is closed." in page
    assert "Taken 12.50 EUR · Failed, still owed 5.00 EUR</p>" in page
    assert re.findall(r"<td[^>]*>.*?</td>", page.partition('<tr class="then">')[2], re.DOTALL)[4].startswith(
        '<td colspan="4"><div class="fy-bar">'
    )
    listed = words_of(browser, "/payments/attempt/")
    assert "12.50 EUR 12.50 EUR 0.00 EUR Failed, still owed 5.00 EUR" in listed
    said = {"step": step, "refund": str(refund.pk), "reason": "cash from K1", "account": "paid_out"}
    browser.post(f"/payments/attempt/{row.pk}/step/", said)
    told = {"succeeded": "Given back 5.00 EUR</p>", "settled": "Settled otherwise 5.00 EUR</p>"}
    assert "also record it at the till as money paid out" in page
    after = browser.get(path).content.decode()
    assert f"Taken 12.50 EUR · {told[state]}" in after
    assert ">cold</td>" in after
    assert ("How the guest got it: cash from K1" in after) is (state == "settled")
    with tenant_context(cafe):
        assert GatewayRefund.objects.get(pk=refund.pk).state == state
        me = Employee.objects.get(number="7").name
        steps = row.steps.order_by("number").filter(what="sent", verb="refund")
        assert [each.by for each in steps] == (["", me] if state == "succeeded" else [""])


def test_who_only_reads_changes_nothing(cafe: Any, desk: Desk) -> None:
    row, browser = unknown(cafe, desk), office(cafe)
    with tenant_context(cafe):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access", "payments.read"]
        role.save()
        desk.vendor.guest_pays(desk.presented(700, purpose="nothing").pk)
    page = browser.get(f"/payments/attempt/{row.pk}/act/").content.decode()
    assert 'name="step"' not in page
    asked = len(desk.vendor.calls)
    for said in (
        {"step": "look"},
        {"step": "settle"},
        {"step": "override", "reason": "x"},
        {"step": "cancel"},
        {"step": "give_back", "reason": "x"},
        {"step": "send_refund", "refund": str(row.pk)},
        {"step": "settle_refund", "refund": str(row.pk), "reason": "x"},
    ):
        assert browser.post(f"/payments/attempt/{row.pk}/step/", said).status_code == 403
    assert browser.post(f"/payments/attempt/{row.pk}/keep/", {"reason": "x"}).status_code == 403
    assert len(desk.vendor.calls) == asked
    with tenant_context(cafe):
        row.refresh_from_db()
        assert (row.state, row.overridden_at, row.refunded_minor) == ("unknown", None, 0)
    assert desk.vendor.charges["ch_1"].state == "waiting"


def test_secrets_are_typed_in_and_never_shown(cafe: Any) -> None:
    browser = office(cafe)
    typed = {
        "gateway": "card_machine",
        "name": "Counter",
        "account": "tid-7",
        "is_active": "on",
        "settings": "{}",
        "secrets": "key=sk_open_sesame\nwebhook = whsec_apple",
    }
    assert browser.post("/payments/connection/add/", typed).status_code == 302
    with tenant_context(cafe):
        row = Connection.objects.get()
        kept = {"key": "sk_open_sesame", "webhook": "whsec_apple"}
        assert connection_facts(connection=row).secrets == kept
    change = f"/payments/connection/{row.pk}/change/"
    assert browser.submit(change, name="Bar").status_code == 302
    with tenant_context(cafe):
        row.refresh_from_db()
        assert (row.name, connection_facts(connection=row).secrets) == ("Bar", kept)
    for path in (change, "/payments/connection/", f"/payments/connection/{row.pk}/history/"):
        page = browser.get(path).content.decode()
        assert not [word for word in ("sk_open_sesame", "whsec_apple", row.sealed_secrets) if word in page]
    refused = browser.submit(change, secrets="only-a-word").content.decode()
    assert "Write each line as name=value." in refused
    assert "only-a-word" not in refused


def test_secrets_do_not_come_back_because_another_field_was_wrong(cafe: Any) -> None:
    browser = office(cafe)
    typed = {
        "gateway": "card_machine",
        "name": "Counter",
        "settings": "no JSON",
        "secrets": "key=sk_open_sesame",
    }
    refused = browser.post("/payments/connection/add/", typed)
    assert refused.status_code == 200
    assert "Counter" in refused.content.decode()
    assert "sk_open_sesame" not in refused.content.decode()


def test_an_account_is_asked_how_it_is(cafe: Any, desk: Desk) -> None:
    browser, path = office(cafe), f"/payments/connection/{desk.connection.pk}/health/"
    assert "It was never asked what it can do." in browser.get(path).content.decode()
    desk.vendor.then("capabilities", base.NotConnected("The key was revoked."))
    browser.post(path, {})
    assert "The key was revoked." in browser.get(path).content.decode()
    browser.post(path, {})
    assert "It works." in browser.get(path).content.decode()


def test_nobody_else_sees_a_payment(cafe: Any, grocer: Any, desk: Desk) -> None:
    row, browser = unknown(cafe, desk), office(grocer)
    assert browser.get(f"/payments/attempt/{row.pk}/act/").status_code == 404
    assert browser.post(f"/payments/attempt/{row.pk}/step/", {"step": "look"}).status_code == 404
    assert browser.get(f"/payments/connection/{desk.connection.pk}/health/").status_code == 404
