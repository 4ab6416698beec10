"""Reconciling over HTTP and in the back office: who may see what, and the actions beside each difference."""

from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from payments.reconciliation.models import Difference, Dispute, Payout, Reconciliation
from payments.webhooks.models import InboundEvent
from tests.admin.browsing import office
from tests.factories import Shop, TillClient, paired_till, shop, signed_in
from tests.payments.reconciliation.listing import AT, DAY, Desk, Listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(desk: Desk) -> Desk:
    """A run with a payout of three lines, of which one is foreign; a dispute; a parked event; somebody to look."""
    attempt = desk.attempt(1000)
    foreign = desk.line("charge", 700, source="ch_x", payment="pay_x")
    odd = desk.line("climate_contribution", -50)
    desk.pays_out(desk.charge(attempt, fee=30), foreign, odd, name="out_1")
    desk.run()
    Dispute.objects.create(
        connection=desk.connection,
        vendor_id="dis_1",
        amount_minor=1000,
        currency="EUR",
        state="needs_response",
        opened_at=AT,
        due_at=AT + 7 * DAY,
        seen_at=AT,
    )
    InboundEvent.objects.create(
        connection=desk.connection,
        event_id="evt_1",
        kind="payment.captured",
        state="parked",
        trouble="Nobody here knows the payment pay_x.",
        vendor_at=AT,
        received_at=AT,
    )
    return desk


def test_the_page_of_a_run_shows_each_difference_with_its_actions(books: Desk, cafe: Any) -> None:
    run = Reconciliation.objects.get()
    browser = office(cafe)
    page = browser.get(f"/payments/reconciliation/{run.pk}/").content.decode()
    assert "What does not agree (2)" in page
    assert "The vendor took a payment that nobody here knows" in page
    assert "Book as a fee" in page
    for path in ("reconciliation/", "disputes/", "bells/"):
        assert browser.get(f"/payments/{path}").status_code == 200


def test_a_difference_is_dealt_with_on_its_page(books: Desk, cafe: Any) -> None:
    run, found = Reconciliation.objects.get(), Difference.objects.get(kind="missing_here")
    browser = office(cafe)
    said = {"action": "accept", "reason": "Typed by hand in the app.", "run": str(run.pk)}
    answer = browser.post(f"/payments/differences/{found.pk}/resolve/", said)
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/payments/reconciliation/{run.pk}/")
    page = browser.get(f"/payments/reconciliation/{run.pk}/").content.decode()
    assert "Typed by hand in the app." in page
    assert "What does not agree (1)" in page


def test_a_payout_is_shown_line_by_line(books: Desk, cafe: Any) -> None:
    payout = Payout.objects.get()
    page = office(cafe).get(f"/payments/payouts/{payout.pk}/").content.decode()
    for text in ("16.50", "0.30", "16.20", "climate_contribution", "payouts_unexplained"):
        assert text in page


def test_a_dispute_shows_what_would_be_sent(books: Desk, cafe: Any) -> None:
    row = Dispute.objects.get()
    page = office(cafe).get(f"/payments/disputes/{row.pk}/").content.decode()
    assert "Send the evidence" in page


def test_a_draft_is_saved_on_the_page_and_over_http(
    books: Desk, manager: TillClient, cafe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Dispute.objects.get()
    Dispute.objects.update(due_at=clock.now() + DAY)
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(Listing, "submit_evidence", lambda _self, **said: asked.append(said), raising=False)
    browser = office(cafe)
    said = {"note": "They ate it.", "do": "draft"}
    assert browser.post(f"/payments/disputes/{row.pk}/", said).status_code == 302
    page = browser.get(f"/payments/disputes/{row.pk}/").content.decode()
    assert "A draft lies at the provider since" in page
    assert "They ate it.</textarea>" in page
    over_http = manager.post(f"/disputes/{row.pk}/evidence", {"note": "They ate all of it.", "draft": True})
    assert (over_http.status_code, over_http.json()["submitted_at"]) == (200, None)
    assert over_http.json()["draft_saved_at"] is not None
    assert [(each["is_draft"], each["evidence"].texts["note"]) for each in asked] == [
        (True, "They ate it."),
        (True, "They ate all of it."),
    ]


def test_a_parked_call_is_tried_again(books: Desk, cafe: Any) -> None:
    row = InboundEvent.objects.get()
    assert office(cafe).post(f"/payments/bells/{row.pk}/retry/", {}).status_code == 302
    with tenant_context(cafe):
        assert InboundEvent.objects.get().state == "stored"


def test_who_may_only_look_sees_no_buttons_and_can_do_nothing(books: Desk, cafe: Any) -> None:
    from staff.employees.models import Employee

    run, found = Reconciliation.objects.get(), Difference.objects.get(kind="missing_here")
    browser = office(cafe, "owner")
    with tenant_context(cafe):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access", "payments.read"]
        role.save()
    page = browser.get(f"/payments/reconciliation/{run.pk}/").content.decode()
    assert "Book as a fee" not in page
    said = {"action": "accept", "reason": "x"}
    assert browser.post(f"/payments/differences/{found.pk}/resolve/", said).status_code == 403


@pytest.fixture
def manager(books: Desk, cafe: Any) -> TillClient:
    """A manager signed in at a till."""
    made: Shop = shop(cafe)
    headers = paired_till(made.tenant)
    return TillClient(made.tenant, signed_in(made.tenant, headers, role="manager"))


def test_runs_payouts_and_disputes_over_http(manager: TillClient) -> None:
    (run,) = manager.get("/reconciliations").json()["items"]
    assert (run["state"], run["counts"]["open"], run["reason"]) == ("done", 2, "asked")
    (payout,) = manager.get("/payouts").json()["items"]
    amounts = {
        name: payout[name]["amount_minor"] for name in ("amount", "gross", "fee", "net", "unexplained")
    }
    assert amounts == {"amount": 1620, "gross": 1650, "fee": 30, "net": 1620, "unexplained": 0}
    whole = manager.get(f"/payouts/{payout['id']}").json()
    assert [line["state"] for line in whole["lines"]] == ["listed", "listed", "matched"]
    assert (whole["more_lines"], whole["lines"][2]["fee"]["amount_minor"]) == (False, 30)
    assert [row["vendor_id"] for row in manager.get("/disputes").json()] == ["dis_1"]


def test_a_difference_is_resolved_over_http_once(manager: TillClient) -> None:
    rows = manager.get("/reconciliation-differences?state=open").json()["items"]
    assert {row["kind"]: row["possible"] for row in rows} == {
        "missing_here": ["accept"],
        "unknown_category": ["accept", "to_fees"],
    }
    path = f"/reconciliation-differences/{rows[0]['id']}/resolve"
    refused = manager.post(path, {"action": "accept"})
    assert (refused.status_code, refused.json()["code"]) == (422, "reconciliation_reason_needed")
    done = manager.post(path, {"action": "accept", "reason": "Known to the owner."})
    assert (done.status_code, done.json()["action"], done.json()["possible"]) == (200, "accepted", [])
    again = manager.post(path, {"action": "accept", "reason": "Known to the owner."})
    assert (again.status_code, again.json()["code"]) == (409, "reconciliation_action_not_possible")


def test_a_run_that_was_given_up_says_why_and_is_run_again(
    manager: TillClient, books: Desk, cafe: Any
) -> None:
    trouble = "It could not be done here (ZeroDivisionError)."
    with tenant_context(cafe):
        run = Reconciliation.objects.create(
            connection=books.connection,
            reason="nightly",
            state="failed",
            step="matching",
            counts={"failures": 10},
            trouble=trouble,
            since=AT,
            started_at=AT,
            touched_at=AT,
            finished_at=AT,
        )
        Difference.objects.all().update(state="resolved")
    browser = office(cafe)
    page = browser.get(f"/payments/reconciliation/{run.pk}/").content.decode()
    assert "Given up while " in page
    assert trouble in page
    assert "Tried 10 times." in page
    assert "Everything agrees." not in page
    assert trouble in browser.get("/payments/reconciliation/").content.decode()
    said = {"connection": str(books.connection.pk)}
    assert browser.post("/payments/reconciliation/begin/", said).status_code == 302
    first = manager.get("/reconciliations").json()["items"][0]
    assert (first["state"], first["trouble"], first["next_try_at"]) == ("running", "", None)
    with tenant_context(cafe):
        Reconciliation.objects.filter(pk=first["id"]).update(counts={"failures": 2}, touched_at=AT)
    waiting = manager.get("/reconciliations").json()["items"][0]
    assert waiting["next_try_at"] == "2026-03-20T12:10:00.000Z"
    page = browser.get(f"/payments/reconciliation/{first['id']}/").content.decode()
    assert "Run again" not in page


def test_a_run_is_asked_for_over_http(manager: TillClient, books: Desk) -> None:
    asked = manager.post("/reconciliations", {"connection_id": str(books.connection.pk)})
    assert (asked.status_code, asked.json()["state"], asked.json()["step"]) == (202, "running", "listing")
    unknown = manager.post("/reconciliations", {"connection_id": "01900000-0000-7000-8000-000000000000"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "nothing_to_reconcile")
