"""Reconciling over HTTP and in the back office: who may see what, and the actions beside each difference."""

import datetime as dt
import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Connection, GatewayRefund
from payments.gateways.services.connecting import note_lost
from payments.reconciliation.models import (
    Difference,
    Dispute,
    MachineTotal,
    Payout,
    Reconciliation,
    SettlementLine,
)
from payments.reconciliation.services import resolve_difference
from payments.webhooks.models import InboundEvent
from tests.admin.browsing import office
from tests.factories import Shop, TenderTypeFactory, TillClient, paired_till, shop, signed_in
from tests.factories.registers import RegisterFactory
from tests.payments.reconciliation.listing import AT, DAY, Desk, Listing, book

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


def test_an_account_that_is_lost_stays_on_the_page_and_says_that_it_is_not_compared(
    books: Desk, cafe: Any
) -> None:
    browser = office(cafe)
    page = browser.get("/payments/reconciliation/").content.decode()
    assert "Compare now" in page
    with tenant_context(cafe):
        note_lost(connection_id=books.connection.pk, reason="Revoked.", at=AT)
    page = browser.get("/payments/reconciliation/").content.decode()
    assert "Not connected since 2026-03-20 13:00: <a" in page
    assert "it is not compared" in page
    assert "2 open" in page
    assert "Compare now" not in page
    assert "No payment account lists payouts yet." not in page


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


def test_every_dispute_is_reached_over_http_page_by_page(books: Desk, manager: TillClient) -> None:
    known = Dispute.objects.get()
    for name, state in (("dis_2", "won"), ("dis_3", "needs_response")):
        known.pk, known.vendor_id, known.state = new_id(), name, state
        known.save(force_insert=True)
    seen, cursor = [], ""
    while cursor is not None:
        page = manager.get(f"/disputes?limit=2{cursor}").json()
        seen.append([row["vendor_id"] for row in page["items"]])
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert seen == [["dis_3", "dis_2"], ["dis_1"]]
    wanting = manager.get("/disputes?state=needs_response&fields=vendor_id").json()["items"]
    assert wanting == [{"vendor_id": "dis_3"}, {"vendor_id": "dis_1"}]
    assert manager.get("/disputes?state=over").status_code == 400


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
    (first,) = manager.get("/disputes").json()["items"]
    assert first["vendor_id"] == "dis_1"


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


def counted(browser: Any, path: str) -> tuple[int, Any]:
    """How many statements a page takes, and the page."""
    browser.get(path)
    with CaptureQueriesContext(database) as captured:
        page = browser.get(path)
    assert page.status_code == 200, path
    return len(captured), page


def machine(
    minor: int, *, code: str, tender_type: str, day: dt.date, register_id: UUID | None = None
) -> UUID:
    """The card machine of a register printed so much on a day; the key of the register."""
    key: UUID = register_id or RegisterFactory.create(id=new_id(), code=code).pk
    MachineTotal.objects.create(
        register_id=key,
        business_date=day,
        tender_type=tender_type,
        total_minor=minor,
        currency="EUR",
        entered_by="Ana",
        entered_at=AT,
    )
    return key


def test_totals_of_machines_cost_the_same_statements_however_many_there_are(books: Desk, cafe: Any) -> None:
    for code in ("card", "visa"):
        TenderTypeFactory.create(code=code, kind="card")
    day, path = AT.date(), f"/payments/reconciliation/{Reconciliation.objects.get().pk}/"
    first = machine(2200, code="M1", tender_type="card", day=day)
    for debit, credit, minor, where in (
        ("tender:card", "sales:food", 2500, first),
        ("sales:food", "tender:card", 300, first),
        ("tender:visa", "sales:food", 800, first),
        ("tender:card", "sales:food", 9900, new_id()),
    ):
        book(debit, credit, minor, register_id=where)
    browser = office(cafe)
    few, page = counted(browser, path)
    assert [(row["booked"], row["is_off"]) for row in page.context["machines"]] == [("22.00 EUR", False)]
    with tenant_context(cafe):
        machine(700, code="M1", tender_type="visa", day=day, register_id=first)
        for number in range(12):
            machine(100, code=f"N{number}", tender_type="card", day=day - number % 3 * DAY)
    many, page = counted(browser, path)
    assert many == few
    assert len(page.context["machines"]) == 14
    visa = next(row for row in page.context["machines"] if row["row"].tender_type == "visa")
    assert (visa["booked"], visa["difference"], visa["is_off"]) == ("8.00 EUR", "-1.00 EUR", True)
    assert {row["booked"] for row in page.context["machines"]} == {"22.00 EUR", "8.00 EUR", "0.00 EUR"}
    assert browser.get("/payments/reconciliation/").status_code == 200


def test_accounts_cost_the_same_statements_however_many_there_are(books: Desk, cafe: Any) -> None:
    browser = office(cafe)
    few, _ = counted(browser, "/payments/reconciliation/")
    with tenant_context(cafe):
        for number in range(5):
            other = Connection.objects.get(pk=books.connection.pk)
            other.pk, other.name, other.account = new_id(), f"Cards {number}", f"acct_{number + 2}"
            other.save(force_insert=True)
    many, page = counted(browser, "/payments/reconciliation/")
    assert (many, len(page.context["accounts"])) == (few, 6)
    assert [each["open"] for each in page.context["accounts"]] == [2, 0, 0, 0, 0, 0]


def strange(desk: Desk, count: int, *, kind: str = "adjustment", name: str = "txn") -> None:
    """So many lines more that nobody here knows."""
    Difference.objects.bulk_create(
        Difference(
            connection=desk.connection,
            kind=kind,
            subject=f"{name}_{number:05d}",
            currency="EUR",
            theirs_minor=number,
            found_at=AT,
        )
        for number in range(count)
    )


def test_ten_thousand_differences_are_paged_and_filtered_in_a_fixed_number_of_statements(
    books: Desk, cafe: Any
) -> None:
    run, path = Reconciliation.objects.get(), "/payments/differences/"
    browser = office(cafe)
    few, page = counted(browser, path)
    assert (page.context["total"], page.context["next_page"]) == (2, None)
    on_run, _ = counted(browser, f"/payments/reconciliation/{run.pk}/")
    with tenant_context(cafe):
        strange(books, 9_998)
    many, page = counted(browser, path)
    assert (many, page.context["total"], len(page.context["differences"])) == (few, 10_000, 100)
    assert page.context["next_page"] == 1
    last = browser.get(f"{path}?page=99")
    assert (len(last.context["differences"]), last.context["next_page"]) == (100, None)
    assert len(page.content) < 400_000
    again, whole = counted(browser, f"/payments/reconciliation/{run.pk}/")
    assert (again, len(whole.context["differences"]), whole.context["open_count"]) == (on_run, 50, 10_000)
    assert b"All 10000, by kind" in whole.content
    kinds = {kind: count for kind, _, count, _ in page.context["kinds"]}
    assert kinds == {"": 10_000, "adjustment": 9_998, "missing_here": 1, "unknown_category": 1}
    for query, total in (
        ("kind=missing_here", 1),
        ("subject=txn_0123", 10),
        ("account=machines", 0),
        (f"account={books.connection.pk}&kind=adjustment", 9_998),
    ):
        assert browser.get(f"{path}?{query}").context["total"] == total, query
    for query in (f"account={new_id()}", "account=x", "kind=x", "state=x"):
        assert browser.get(f"{path}?{query}").status_code == 404, query


def hidden(page: Any) -> dict[str, Any]:
    """What the form that asks once more sends."""
    found: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.content.decode()
    ):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_many_are_accepted_at_once_with_one_reason_after_they_are_shown(books: Desk, cafe: Any) -> None:
    strange(books, 3)
    ticked, path = Difference.objects.get(subject="txn_00001").pk, "/payments/differences/resolve/"
    browser = office(cafe)
    said = {"action": "accept", "all": "1", "listed": "kind=adjustment", "difference": str(ticked)}
    assert browser.post(path, said).status_code == 302  # without a reason nothing is done
    shown = browser.post(path, {**said, "reason": "Known to the bank."})
    assert (shown.status_code, shown.context["count"]) == (200, 3)
    assert "Say why this is accepted" in shown.content.decode()
    with tenant_context(cafe):
        assert Difference.objects.filter(state="open").count() == 5
        strange(books, 1, name="later")  # found meanwhile: nobody has seen it, so it is not accepted
        first = Difference.objects.get(subject="txn_00000")
        resolve_difference(difference_id=first.pk, action="accept", reason="Mine.", actor=SYSTEM, at=AT)
    done = browser.post(path, {**hidden(shown), "action": "accept", "reason": "Known to the bank."})
    assert done.status_code == 302
    told = browser.get(str(done["Location"]).removeprefix("/admin"))
    assert [str(message) for message in told.context["messages"]] == [
        "Dealt with: 2.",
        "system dealt with it already (accepted: Mine.).",
    ]
    with tenant_context(cafe):
        reasons = dict(Difference.objects.filter(state="resolved").values_list("subject", "reason"))
        assert reasons == {
            "txn_00000": "Mine.",
            "txn_00001": "Known to the bank.",
            "txn_00002": "Known to the bank.",
        }


@pytest.mark.parametrize("action", ["give_back", "settle"])
def test_money_is_asked_twice_before_it_moves(books: Desk, cafe: Any, action: str) -> None:
    attempt = books.attempt(1200, settled=False)
    row = Difference.objects.create(
        connection=books.connection,
        kind="unsettled",
        subject=str(attempt.pk),
        attempt_id=attempt.pk,
        currency="EUR",
        ours_minor=1200,
        found_at=AT,
    )
    browser, path = office(cafe), f"/payments/differences/{row.pk}/resolve/"
    listed = "account=&kind=unsettled"
    shown = browser.post(path, {"action": action, "reason": "Nobody's.", "listed": listed})
    assert (shown.status_code, "12.00 EUR" in shown.content.decode()) == (200, True)
    with tenant_context(cafe):
        assert GatewayRefund.objects.count() == 0
    done = browser.post(path, {**hidden(shown), "action": action, "reason": "Nobody's."})
    assert done["Location"] == "/admin/payments/differences/?kind=unsettled&state=open"
    with tenant_context(cafe):
        assert GatewayRefund.objects.count() == (1 if action == "give_back" else 0)


def test_who_may_not_deal_with_differences_is_refused_and_who_may_not_give_back_is_not_offered_it(
    books: Desk, cafe: Any
) -> None:
    from staff.employees.models import Employee

    attempt = books.attempt(1200, settled=False)
    Difference.objects.create(
        connection=books.connection,
        kind="unsettled",
        subject=str(attempt.pk),
        attempt_id=attempt.pk,
        currency="EUR",
        found_at=AT,
    )
    browser = office(cafe, "owner")

    def allow(*permissions: str) -> Any:
        with tenant_context(cafe):
            role = Employee.objects.get(number="7").role
            role.permissions = ["admin.access", "payments.read", *permissions]
            role.save()
        return browser.get("/payments/differences/").content.decode()

    page = allow()
    assert ("Put to its order" in page, 'id="many"' in page) == (False, False)
    said = {"action": "accept", "reason": "x", "all": "1", "sure": "1"}
    assert browser.post("/payments/differences/resolve/", said).status_code == 403
    page = allow("payments.reconcile")
    assert ("Put to its order" in page, "Give back" in page, 'id="many"' in page) == (True, False, True)
    assert "Give back" in allow("payments.reconcile", "payments.refund_retry")


def test_a_payout_of_many_lines_is_paged(books: Desk, cafe: Any) -> None:
    payout = Payout.objects.get()
    SettlementLine.objects.bulk_create(
        SettlementLine(
            connection=books.connection,
            payout=payout,
            vendor_id=f"fee_{number}",
            about="fee",
            category="fee",
            gross_minor=-1,
            fee_minor=0,
            net_minor=-1,
            currency="EUR",
            state="matched",
            at=AT,
        )
        for number in range(250)
    )
    browser, path = office(cafe), f"/payments/payouts/{payout.pk}/"
    pages = [browser.get(f"{path}?page={number}") for number in (0, 1, 2)]
    assert [len(page.context["lines"]) for page in pages] == [200, 53, 0]
    assert [page.context["next_page"] for page in pages] == [1, None, None]
    assert {each["row"].state for each in pages[0].context["lines"][:2]} == {"listed"}
