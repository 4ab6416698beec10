"""Attempts, accounts and readers over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from payments.gateways import base
from payments.gateways.models import Attempt, Connection, GatewayRefund
from payments.gateways.services import look_at_attempt, plan_refund, send_refund
from payments.gateways.simulator.options import read_settings
from payments.ledger.models import Transfer
from staff.employees.models import Employee
from tests.database import ROOT
from tests.factories import shop
from tests.factories.tills import PIN, TillClient, paired_till, signed_in
from tests.payments.gateways.asking import AT, Desk, desk_of
from tests.payments.gateways.vendor import LOST, Vendor, vendor_present

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def till(cafe: Any) -> TillClient:
    shop(cafe)
    return TillClient(cafe, paired_till(cafe))


@pytest.fixture
def owner(cafe: Any, till: TillClient) -> TillClient:
    return TillClient(cafe, signed_in(cafe, till.headers, role="owner"))


@pytest.fixture
def desk(cafe: Any, till: TillClient, vendor: Vendor) -> Desk:
    with tenant_context(cafe):
        return desk_of(vendor, [])


def presented(cafe: Any, desk: Desk, minor: int = 1250, **facts: Any) -> Attempt:
    with tenant_context(cafe):
        return desk.presented(minor, purpose="nothing", **facts)


def test_a_screen_that_waits_sees_the_truth(cafe: Any, till: TillClient, desk: Desk) -> None:
    row = presented(cafe, desk)
    told = till.get(f"/payment-attempts/{row.pk}").json()
    assert (told["state"], told["next"]["kind"], told["sentence"]) == (
        "presented",
        "use_reader",
        "12.50 EUR is asked for; wait for the guest.",
    )
    desk.vendor.guest_pays(row.pk, tip=150)
    told = till.post(f"/payment-attempts/{row.pk}/look", {}).json()
    assert (told["state"], told["captured"], told["tip"]) == (
        "captured",
        {"amount_minor": 1400, "currency": "EUR"},
        {"amount_minor": 150, "currency": "EUR"},
    )
    refused = till.post(f"/payment-attempts/{row.pk}/cancel", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")


def test_a_tab_over_http(cafe: Any, till: TillClient, desk: Desk) -> None:
    row = presented(cafe, desk, 5000, capture="manual", incremental=True)
    desk.vendor.guest_pays(row.pk)
    path = f"/payment-attempts/{row.pk}"
    assert till.post(f"{path}/look", {}).json()["state"] == "authorised"
    more = till.post(f"{path}/increment", {"to": {"amount_minor": 8000, "currency": "EUR"}}).json()
    assert more["authorised"]["amount_minor"] == 8000
    again = till.post(f"{path}/increment", {"to": {"amount_minor": 8000, "currency": "EUR"}})
    assert (again.status_code, again.json()) == (200, more)
    beyond = till.post(f"{path}/capture", {"amount": {"amount_minor": 8001, "currency": "EUR"}})
    assert (beyond.status_code, beyond.json()["code"]) == (422, "amount_out_of_range")
    taken = till.post(f"{path}/capture", {"amount": {"amount_minor": 7350, "currency": "EUR"}}).json()
    assert (taken["state"], taken["captured"]["amount_minor"]) == ("captured", 7350)
    late = till.post(f"{path}/increment", {"to": {"amount_minor": 9000, "currency": "EUR"}})
    assert (late.status_code, late.json()["code"], late.json()["detail"]) == (
        409,
        "attempt_undecided",
        taken["sentence"],
    )
    assert [verb for verb, _ in desk.vendor.calls].count("increment") == 1


def test_what_cannot_be_done_with_a_payment_as_it_stands_is_said_of_it(
    cafe: Any, till: TillClient, desk: Desk
) -> None:
    row = presented(cafe, desk, 5000, capture="manual")
    path = f"/payment-attempts/{row.pk}"
    waiting = till.get(path).json()
    before = till.post(f"{path}/present", {})
    assert (before.status_code, before.json()["code"], before.json()["detail"], before.json()["title"]) == (
        409,
        "attempt_undecided",
        waiting["sentence"],
        "This payment is at another point",
    )
    assert waiting["sentence_key"] == "presented"
    desk.vendor.guest_pays(row.pk)
    till.post(f"{path}/look", {})
    grown = till.post(f"{path}/increment", {"to": {"amount_minor": 8000, "currency": "EUR"}})
    assert (grown.status_code, grown.json()["code"]) == (422, "capability_missing")
    assert grown.json()["detail"].startswith("More cannot be reserved with this payment:")


def test_the_settings_that_the_page_about_the_simulator_shows_can_be_sent(
    cafe: Any, owner: TillClient
) -> None:
    page = (ROOT / "docs/concepts/simulator.md").read_text(encoding="utf-8")
    shown = json.loads(page.split("```json")[1].split("```")[0])
    made = {"id": str(new_id()), "gateway": "simulator", "name": "Simulator"}
    owner.post("/payment-connections", made)
    told = owner.put(f"/payment-connections/{made['id']}", shown)
    assert (told.status_code, told.json()["settings"]) == (200, shown["settings"])
    assert read_settings(settings=told.json()["settings"]) == {
        "guest": "waits",
        "capture_hours": 24,
        "faults_by_amount": False,
        "faults": ["lost_after", {"fault": "lost_after", "verb": "capture"}],
    }


def test_an_override_needs_the_permission_and_a_reason(
    cafe: Any, till: TillClient, owner: TillClient, desk: Desk
) -> None:
    desk.vendor.then("present", LOST)
    row = presented(cafe, desk)
    path = f"/payment-attempts/{row.pk}/override"
    refused = till.post(path, {"reason": "in a hurry"})
    assert refused.json()["code"] == "approval_required"
    assert owner.post(path, {"reason": " "}).status_code == 400
    told = owner.post(path, {"reason": "guest shows her bank app"}).json()
    assert (told["state"], told["override_reason"], told["sentence_key"]) == (
        "unknown",
        "guest shows her bank app",
        "unknown.overridden",
    )
    again = owner.post(path, {"reason": "again"})
    assert (again.status_code, again.json()["code"]) == (409, "attempt_not_blocking")


def test_an_override_is_approved_at_the_till_by_pin(
    cafe: Any, till: TillClient, owner: TillClient, desk: Desk
) -> None:
    desk.vendor.then("present", LOST, LOST)
    row, other = presented(cafe, desk), presented(cafe, desk, 900)
    with tenant_context(cafe):
        boss = Employee.objects.get(role__code="owner")
    said = {"action": "payment_override", "subject_id": str(row.pk), "number": boss.number, "pin": PIN}
    token = till.post("/approvals", said).json()["token"]
    elsewhere = till.post(f"/payment-attempts/{other.pk}/override", {"reason": "x", "approval": token})
    assert elsewhere.json()["code"] == "approval_invalid"
    path = f"/payment-attempts/{row.pk}/override"
    told = till.post(path, {"reason": "bank app", "approval": token}).json()
    assert (told["overridden_by"], told["override_reason"]) == (boss.name, "bank app")
    assert till.post(path, {"reason": "again", "approval": token}).json()["code"] == "approval_invalid"


def test_a_decline_is_put_before_the_guest_again(cafe: Any, till: TillClient, desk: Desk) -> None:
    row = presented(cafe, desk)
    desk.vendor.guest_is_declined(row.pk)
    told = till.post(f"/payment-attempts/{row.pk}/look", {}).json()
    assert told["failure"] == {"kind": "declined", "code": "insufficient", "text": "Not enough money."}
    unknown = till.post(f"/payment-attempts/{row.pk}/present", {"reader_id": str(new_id())})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_payment_connection")
    assert till.post(f"/payment-attempts/{row.pk}/present", {}).json()["state"] == "presented"


def test_the_list_is_filtered_and_costs_the_same_for_one_and_three(
    cafe: Any, till: TillClient, owner: TillClient, desk: Desk
) -> None:
    first = presented(cafe, desk)
    assert till.get("/payment-attempts").status_code == 403

    def statements() -> int:
        with CaptureQueriesContext(database) as captured:
            assert owner.get("/payment-attempts?state=presented").status_code == 200
        return len(captured)

    one = statements()
    presented(cafe, desk, 900)
    presented(cafe, desk, 700, order_id=None)
    assert statements() == one
    found = owner.get(f"/payment-attempts?order_id={desk.order_id}&limit=1").json()
    assert [item["amount"]["amount_minor"] for item in found["items"]] == [900]
    rest = owner.get(f"/payment-attempts?order_id={desk.order_id}&cursor={found['next_cursor']}").json()
    assert [item["id"] for item in rest["items"]] == [str(first.pk)]
    assert owner.get("/payment-attempts?state=lost").status_code == 400


def test_an_account_is_connected_checked_and_never_shows_its_secret(
    cafe: Any, till: TillClient, owner: TillClient, vendor: Vendor
) -> None:
    body = {
        "id": str(new_id()),
        "gateway": "vendor",
        "name": "Cards",
        "account": "acct_1",
        "secrets": {"key": "sk_open_sesame"},
    }
    assert till.post("/payment-connections", body).status_code == 403
    made = owner.post("/payment-connections", body)
    assert (made.status_code, made.json()["has_secrets"], made.json()["checked_at"]) == (201, True, None)
    assert made.json()["state"] == "unchecked"
    same = owner.post("/payment-connections", {**body, "id": str(new_id())})
    assert (same.status_code, same.json()["code"]) == (409, "payment_connection_taken")
    assert [each["pointer"] for each in same.json()["errors"]] == ["/account"]
    path = f"/payment-connections/{body['id']}"
    checked = owner.post(f"{path}/check", {}).json()
    assert (checked["state"], checked["capabilities"]["manual_capture"]) == ("active", True)
    vendor.then("capabilities", base.TryAgain("busy"))
    assert owner.post(f"{path}/check", {}).status_code == 503
    changed = owner.put(path, {"name": "Bar", "account": "acct_1", "settings": {"uncaptured": "cancel"}})
    assert (changed.status_code, changed.json()["name"]) == (200, "Bar")
    vendor.then("capabilities", base.NotConnected("The key was revoked."))
    lost = owner.post(f"{path}/check", {}).json()
    assert (lost["state"], lost["health"]) == ("disconnected", {"ok": False, "text": "The key was revoked."})
    answers = [made, changed, owner.get(path), owner.get("/payment-connections")]
    assert not [each for each in answers if "sesame" in each.content.decode()]
    with tenant_context(cafe):
        assert Connection.objects.get().sealed_secrets


def test_what_a_change_of_an_account_leaves_out_stays_as_it_is(
    cafe: Any, owner: TillClient, vendor: Vendor
) -> None:
    body = {
        "id": str(new_id()),
        "gateway": "vendor",
        "name": "Cards",
        "account": "acct_1",
        "is_live": True,
        "is_active": False,
        "settings": {"uncaptured": "cancel", "country": "DE"},
        "secrets": {"key": "sk_open_sesame"},
    }
    kept = owner.post("/payment-connections", body).json()
    path = f"/payment-connections/{body['id']}"
    told = owner.put(path, {"name": "Bar"}).json()
    assert {name: value for name, value in told.items() if value != kept[name]} == {"name": "Bar"}
    again = {name: body[name] for name in ("id", "gateway")}
    told = owner.post("/payment-connections", {**again, "name": "Cards"}).json()
    assert told == kept
    given = {"name": "Cards", "account": "", "is_live": False, "is_active": True, "settings": {}}
    told = owner.put(path, given).json()
    assert ({name: told[name] for name in given}, told["has_secrets"]) == (given, True)
    assert owner.put(path, {"account": "acct_1"}).json()["errors"][0]["pointer"] == "/name"
    fresh = owner.post(
        "/payment-connections", {"id": str(new_id()), "gateway": "cash", "name": "Cash"}
    ).json()
    assert [fresh[name] for name in given] == ["Cash", "", False, True, {}]


def test_readers_are_added_to_an_account(cafe: Any, owner: TillClient, desk: Desk) -> None:
    body = {
        "id": str(new_id()),
        "connection_id": str(desk.connection.pk),
        "vendor_id": "rd_2",
        "name": "Terrace",
    }
    assert owner.post("/payment-readers", body).status_code == 201
    twice = owner.post("/payment-readers", {**body, "id": str(new_id())})
    assert (twice.status_code, twice.json()["code"]) == (409, "payment_reader_taken")
    assert [each["pointer"] for each in twice.json()["errors"]] == ["/vendor_id"]
    names = [item["name"] for item in owner.get("/payment-readers").json()["items"]]
    assert names == ["Bar", "Terrace"]


def test_another_merchants_attempt_is_not_there(cafe: Any, grocer: Any, desk: Desk) -> None:
    row = presented(cafe, desk)
    shop(grocer)
    stranger = TillClient(grocer, paired_till(grocer))
    assert stranger.get(f"/payment-attempts/{row.pk}").status_code == 404
    for verb in ("look", "cancel", "capture", "present"):
        assert stranger.post(f"/payment-attempts/{row.pk}/{verb}", {}).status_code == 404
    assert desk.vendor.charges["ch_1"].state == "waiting"


def failed(cafe: Any, desk: Desk) -> tuple[Attempt, GatewayRefund]:
    """Five of a payment should have gone back, and did not."""
    row = presented(cafe, desk)
    desk.vendor.guest_pays(row.pk)
    with tenant_context(cafe):
        look_at_attempt(attempt_id=row.pk, at=AT)
        with unit_of_work():
            planned = plan_refund(
                attempt_id=row.pk,
                part_id=None,
                amount_minor=500,
                reason="cold",
                at=AT,
                business_date=AT.date(),
            )
        desk.vendor.then("refund", base.Declined("The account is closed.", code="expired_card"))
        return row, send_refund(refund_id=planned.pk, at=AT)


def test_what_became_of_a_refund_is_told_and_it_is_sent_again(
    cafe: Any, owner: TillClient, till: TillClient, desk: Desk
) -> None:
    row, refund = failed(cafe, desk)
    (told,) = till.get(f"/payment-attempts/{row.pk}").json()["refunds"]
    assert (told["id"], told["state"], told["failure"]["text"], told["sentence"]) == (
        str(refund.pk),
        "failed",
        "The account is closed.",
        "5.00 EUR could not be given back and is owed to the guest. Send it again, or give it another way.",
    )
    assert till.post(f"/payment-refunds/{refund.pk}/retry", {}).status_code == 403
    again = owner.post(f"/payment-refunds/{refund.pk}/retry", {})
    assert (again.status_code, again.json()["state"], again.json()["sentence"]) == (
        200,
        "succeeded",
        "5.00 EUR went back.",
    )
    twice = owner.post(f"/payment-refunds/{refund.pk}/retry", {})
    assert (twice.status_code, twice.json()["code"]) == (409, "refund_not_failed")
    assert till.get(f"/payment-attempts/{row.pk}").json()["refunds"][0]["number"] == 2


def test_a_refund_that_failed_is_settled_another_way(
    cafe: Any, owner: TillClient, till: TillClient, desk: Desk
) -> None:
    _, refund = failed(cafe, desk)
    path, body = f"/payment-refunds/{refund.pk}/settle", {"reason": "by hand", "paid_from": "bank"}
    assert till.post(path, body).status_code == 403
    assert owner.post(path, {}).json()["errors"][0]["pointer"] == "/reason"
    done = owner.post(path, body).json()
    assert (done["state"], done["sentence"]) == ("settled", "5.00 EUR was given to the guest another way.")
    assert done["settled_by"]
    with tenant_context(cafe):
        moved = Transfer.objects.filter(kind="refund_owed").order_by("-id").first()
        assert moved is not None
        assert (moved.debit_key, moved.credit_key) == ("refunds_owed", "bank")
