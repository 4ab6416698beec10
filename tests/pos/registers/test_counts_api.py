"""Counting drawers over HTTP: control of the float, blind counts, recounts, variances, approvals, force."""

import pytest

from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from payments.ledger.queries import trial_balance
from pos.registers.models import CashSession, Closing
from tests.factories import Shop, TillClient
from tests.pos.registers.desk import (
    amounts,
    approved,
    closed,
    euro,
    key,
    manager_at,
    moved,
    opened,
    second_till,
    sold,
    step,
    the_z,
)

pytestmark = pytest.mark.django_db


def test_a_float_is_declared_and_confirmed_by_somebody_who_counts_it(
    here: Shop, there: Shop, till: TillClient
) -> None:
    session = opened(till, here.register, 10_000, in_control=True)
    assert (session["state"], session["opening_float"]) == ("opening_control", euro(10_000))
    pieces = [{"value_minor": 2000, "count": 4}, {"value_minor": 500, "count": 3}]
    confirmed = step(till, session, "confirm-opening", {"denominations": pieces}).json()
    assert (confirmed["state"], confirmed["opening_float"]) == ("open", euro(9_500))
    assert confirmed["opening_denominations"] == pieces
    assert confirmed["flags"] == [{"code": "float_differs", "declared_minor": 10_000, "counted_minor": 9_500}]
    again = step(till, session, "confirm-opening", {"counted": euro(0)})
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    assert closed(till, session, 9_500)["variance"] == euro(0)


def test_a_float_that_nobody_confirmed_is_what_was_declared(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register, 10_000, in_control=True)
    sold(here, till)
    assert step(till, session, "begin-closing").status_code == 200
    told = closed(till, session, 10_380)
    assert (told["opening_float"], told["expected"]) == (euro(10_000), euro(10_380))


def test_nothing_tells_what_to_count_before_the_count_is_committed(
    here: Shop, there: Shop, till: TillClient
) -> None:
    """Float 100.00 and a cappuccino for 3.80: 103.80, which no answer may hold or add up to."""
    session = opened(till, here.register)
    sold(here, till)
    moved(till, session, "paid_out", 1_000, reason_code="milk")
    manager = manager_at(here, till)
    x = f"/registers/{here.register.pk}/x-report"
    assert (till.get(x).json()["is_blind"], amounts(till.get(x).json())) == (True, [])
    assert manager.get(x).json()["cash"]["expected"] == euro(9_380)
    began = step(till, session, "begin-closing").json()
    assert (began["state"], began["expected"], began["counts"]) == ("closing_control", None, [])
    for who in (till, manager):
        report = who.get(x).json()
        assert (report["is_blind"], amounts(report), report["sales"]["count"]) == (True, [], 1)
        listed = who.get(f"/cash-sessions/{session['id']}/movements").json()["items"]
        assert [row["kind"] for row in listed] == ["paid_out"]
        for path in (f"/cash-sessions/{session['id']}", f"/registers/{here.register.pk}/session"):
            assert amounts(who.get(path).json()) == [10_000]
        (row,) = who.get("/cash-sessions").json()["items"]
        assert amounts(row) == [10_000]
    told = step(till, session, "counts", {"counted": euro(9_370)}).json()
    assert [(count["counted"], count["expected"], count["variance"]) for count in told["counts"]] == [
        (euro(9_370), euro(9_380), euro(-10))
    ]
    assert till.get(x).json()["cash"]["expected"] == euro(9_380)
    kinds = [row["kind"] for row in till.get(f"/cash-sessions/{session['id']}/movements").json()["items"]]
    assert sorted(kinds) == ["change", "float", "paid_out", "sale"]


def test_a_count_stays_and_a_second_one_says_why(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    early = step(till, session, "recounts", {"counted": euro(1), "reason": "again"})
    assert (early.status_code, early.json()["code"]) == (409, "count_missing")
    step(till, session, "counts", {"counted": euro(9_000)})
    twice = step(till, session, "counts", {"counted": euro(10_000)})
    assert (twice.status_code, twice.json()["code"]) == (409, "count_committed")
    assert step(till, session, "recounts", {"counted": euro(10_000)}).status_code == 400
    step(till, session, "recounts", {"counted": euro(10_000), "reason": "a roll of coins lay behind"})
    told = step(till, session, "close").json()
    assert [(count["counted"], count["reason"]) for count in told["counts"]] == [
        (euro(9_000), ""),
        (euro(10_000), "a roll of coins lay behind"),
    ]
    assert (told["state"], told["variance"], told["flags"]) == (
        "closed",
        euro(0),
        [{"code": "recounted", "count": 2}],
    )


def test_pieces_are_added_up_and_unknown_ones_refused(here: Shop, till: TillClient) -> None:
    known = till.get("/denominations").json()
    assert (known["currency"], known["values_minor"][:3], known["values_minor"][-1]) == (
        "EUR",
        [50_000, 20_000, 10_000],
        1,
    )
    session = opened(till, here.register, 0, denominations=[])
    body = {"denominations": [{"value_minor": 30, "count": 1}, {"value_minor": 50, "count": 2}]}
    refused = step(till, session, "counts", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (
        422,
        "/denominations/0/value_minor",
    )
    body = {"counted": euro(99), "denominations": [{"value_minor": 50, "count": 2}]}
    differs = step(till, session, "counts", body)
    assert (differs.status_code, differs.json()["code"]) == (422, "count_differs")
    missing = step(till, session, "counts", {})
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (400, "/counted")
    told = step(till, session, "counts", {"denominations": [{"value_minor": 50, "count": 2}]}).json()
    assert (told["counts"][0]["counted"], told["counts"][0]["denominations"]) == (
        euro(100),
        [{"value_minor": 50, "count": 2}],
    )


def test_what_moves_after_the_count_is_taken_as_recorded(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    step(till, session, "counts", {"counted": euro(9_990)})
    sold(here, till)
    told = step(till, session, "close").json()
    assert (told["counted"], told["expected"], told["variance"]) == (
        euro(10_370),
        euro(10_380),
        euro(-10),
    )
    assert {"code": "moved_since_count", "amount_minor": 380} in told["flags"]


def test_a_variance_beyond_the_limit_is_kept_until_somebody_approves(here: Shop, till: TillClient) -> None:
    """A device alone may close within 5.00. The first answer keeps the count, so nobody finds out by trying."""
    session = opened(till, here.register)
    kept = step(till, session, "close", {"counted": euro(9_000)})
    assert (kept.status_code, kept.json()["state"]) == (202, "closing_control")
    assert kept.json()["needs_approval"] == {"action": "variance", "limit": "variance_minor", "asked": 1_000}
    assert kept.json()["counts"][0]["variance"] == euro(-1_000)
    refused = step(till, session, "close")
    assert (refused.status_code, refused.json()["code"]) == (403, "approval_required")
    wrong = step(till, session, "close", {"approval": "no such token"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "approval_invalid")
    token = approved(here, till, action="variance", subject_id=session["id"], amount=1_000)
    told = step(till, session, "close", {"approval": token}).json()
    assert (told["state"], told["variance"], told["approver_name"] != "") == ("closed", euro(-1_000), True)
    with tenant_context(here.tenant):
        booked = Transfer.objects.get(kind="over_short")
        assert (booked.debit.code, booked.credit.code, booked.amount_minor) == (
            "cash_over_short",
            "cash",
            1_000,
        )


def test_a_manager_closes_by_force_whatever_is_the_matter(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    sold(here, till)
    refused = step(till, session, "close", {"force": "the cashier is ill"})
    assert (refused.status_code, refused.json()["permission"]) == (403, "registers.approve")
    empty = step(till, session, "close")
    assert (empty.status_code, empty.json()["code"]) == (409, "count_missing")
    manager = manager_at(here, till)
    told = step(manager, session, "close", {"force": "the cashier is ill"}).json()
    assert (told["state"], told["counted"], told["variance"]) == ("closed", euro(10_380), euro(0))
    assert [flag["code"] for flag in told["flags"]] == ["forced", "not_counted"]
    assert the_z(till, here.register)["document"]["cash"]["flags"] == ["forced", "not_counted"]


def test_open_tickets_never_hold_up_a_closing(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    body = {
        "id": key(),
        "lines": [{"id": key(), "variant_id": str(here.variants["book"].pk), "quantity": "1"}],
        "tenders": [],
    }
    assert till.post("/orders", body).status_code == 201
    closed(till, session, 10_000)
    tickets = the_z(till, here.register)["document"]["open_tickets"]
    assert (tickets["count"], tickets["due"], tickets["tickets"][0]["number"]) == (1, euro(1_200), 1)


def test_of_two_tills_at_one_drawer_both_sell_into_it_and_both_get_a_z(here: Shop, till: TillClient) -> None:
    manager = manager_at(here, till)
    owner = manager  # changing registers takes the right to configure
    refused = owner.put(f"/registers/{here.second_register.pk}", {})
    assert refused.status_code == 403
    session = opened(till, here.register)
    with tenant_context(here.tenant):
        here.second_register.drawer_id = here.register.pk
        here.second_register.save()
    other = second_till(here)
    assert other.get(f"/registers/{here.second_register.pk}/session").json()["id"] == session["id"]
    sold(here, till)
    assert sold(here, other)["session_id"] == session["id"]
    told = closed(other, session, 10_760)
    assert (told["expected"], told["variance"]) == (euro(10_760), euro(0))
    for register, others in ((here.register, ["K2"]), (here.second_register, ["K1"])):
        document = the_z(till, register)["document"]
        assert (document["sales"]["total"], document["cash"]["expected"]) == (euro(380), euro(10_760))
        assert document["cash"]["shared_with"] == others


def test_one_till_uses_several_drawers(here: Shop, there: Shop, till: TillClient) -> None:
    from pos.registers.models import Drawer

    with tenant_context(here.tenant):
        bag = Drawer.objects.create(location=here.location, code="BAG1", name="Bag", is_shared=True)
        private = Drawer.objects.create(location=here.location, code="SAFE", name="Safe")
    own = opened(till, here.register)
    shared = opened(till, here.register, 2_000, drawer_id=str(bag.pk))
    assert (shared["drawer"]["code"], shared["number"]) == ("BAG1", 1)
    hidden = till.post(
        f"/registers/{here.register.pk}/sessions",
        {"opening_float": euro(0), "drawer_id": str(private.pk)},
    )
    assert (hidden.status_code, hidden.json()["code"]) == (403, "other_register")
    sold(here, till)
    assert moved(till, shared, "tip_out", 500).json()["slip"] == "BAG1-M1"
    assert closed(till, shared, 1_500)["variance"] == euro(0)
    assert till.get("/closings").json()["items"] == []
    assert closed(till, own, 10_380)["variance"] == euro(0)
    assert [row["number"] for row in till.get("/closings").json()["items"]] == ["K1-Z1"]


def test_who_answers_for_a_drawer_and_the_trend_of_their_variances(here: Shop, till: TillClient) -> None:
    manager = manager_at(here, till)
    refused = till.get("/reports/drawer-variances?from=2020-01-01&to=2040-01-01")
    assert refused.status_code == 403
    for counted in (10_100, 9_950):
        session = opened(manager, here.register)
        assert session["responsible_name"].startswith("Employee")
        closed(manager, session, counted)
    (person,) = manager.get("/reports/drawer-variances?from=2020-01-01&to=2040-01-01").json()["people"]
    assert (person["count"], person["variance"], person["over"], person["short"]) == (
        2,
        euro(50),
        euro(100),
        euro(-50),
    )
    assert [drawer["running"] for drawer in person["drawers"]] == [euro(100), euro(50)]
    missing = manager.get("/reports/drawer-variances?from=2020-01-01")
    assert (missing.status_code, missing.json()["errors"][0]["parameter"]) == (400, "to")


def test_the_neighbours_sessions_cannot_be_reached(here: Shop, there: Shop, till: TillClient) -> None:
    from tests.factories import paired_till

    theirs = TillClient(there.tenant, paired_till(there.tenant))
    body = {"opening_float": {"amount_minor": 100, "currency": "GBP"}}
    session = theirs.post(f"/registers/{there.register.pk}/sessions", body).json()
    for name, said in (
        ("confirm-opening", {"counted": euro(1)}),
        ("begin-closing", {}),
        ("counts", {"counted": euro(1)}),
        ("recounts", {"counted": euro(1), "reason": "x"}),
        ("close", {"counted": euro(1)}),
        ("movements", {"kind": "no_sale"}),
    ):
        assert step(till, session, name, said).status_code == 404, name
    assert till.get(f"/cash-sessions/{session['id']}").status_code == 404
    assert till.get("/cash-sessions").json()["items"] == []
    with tenant_context(here.tenant):
        assert (CashSession.objects.count(), Closing.objects.count()) == (0, 0)
        assert sum(row.balance_minor for row in trial_balance()) == 0
