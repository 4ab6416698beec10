"""Runs survive: a vendor that goes away, a process that dies, two processes at once."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from payments.gateways import base
from payments.gateways.models import Connection
from payments.reconciliation.models import Reconciliation, SettlementLine
from payments.reconciliation.queries.runs import due_runs
from payments.reconciliation.services import claiming, comparing, listing, matching, running
from payments.reconciliation.services.running import ask_for_run, ask_for_runs, run_reconciliation
from tests.payments.reconciliation.listing import AT, DAY, Desk, balances, differences

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (listing, matching, comparing):
        monkeypatch.setattr(room, "BATCH", 2)


def five(desk: Desk) -> None:
    """Five payments of which the vendor lists four, and one that only it knows."""
    attempts = [desk.attempt(1000 + number) for number in range(5)]
    foreign = desk.line("charge", 50, payment="pay_x")
    desk.pays_out(*(desk.charge(each, fee=10) for each in attempts[:4]), foreign, name="out_1")


EVERYTHING = [("missing_here", "pay_x"), ("missing_there", "pay_5")]


def test_a_booked_payout_is_left_and_its_lines_told_again_stay_where_they_are(desk: Desk) -> None:
    """A large account's lines are read once a run: what is booked is not read again, and late lines still are."""
    attempts = [desk.attempt(1000 + number) for number in range(3)]
    paid, late = [desk.charge(each, fee=10) for each in attempts[:2]], desk.charge(attempts[2], fee=10)
    desk.pays_out(*paid, name="out_1")
    desk.run()
    before = list(SettlementLine.objects.order_by("id").values())
    left: list[str] = []
    (settlement, lines), *_ = desk.vendor.settlements_now
    again = replace(settlement, leave=lambda: left.append(settlement.id))
    desk.vendor.settlements_now[:] = [(again, lines)]
    desk.waits(*paid, late)  # as a vendor tells them that was spared the payout's lines
    desk.vendor.read.clear()
    run = desk.run(at=AT + DAY)
    assert (left, desk.vendor.read) == (["out_1"], [line.id for line in (*paid, late)])
    assert list(SettlementLine.objects.exclude(vendor_id=late.id).order_by("id").values()) == before
    assert SettlementLine.objects.get(vendor_id=late.id).payout_id is None
    assert (run.counts["lines"], run.counts["judged"], differences()) == (1, 1, [])
    assert balances("bank") == {"bank": 1981}


def test_a_vendor_that_goes_away_is_asked_again_later(desk: Desk, small_batches: None) -> None:
    five(desk)
    desk.vendor.broken = [base.TryAgain("Too busy.")]
    key = ask_for_run(connection=desk.connection, reason="nightly", at=AT)
    assert run_reconciliation(run_id=key, clock=lambda: AT) == "running"
    run = Reconciliation.objects.get()
    assert (run.step, run.trouble, run.counts["failures"]) == ("listing", "Too busy.", 1)
    assert due_runs(at=AT + dt.timedelta(minutes=4)) == []
    later = AT + dt.timedelta(minutes=5)
    assert due_runs(at=later) == [key]
    assert run_reconciliation(run_id=key, clock=lambda: later) == "done"
    assert (differences(), balances("bank")) == (EVERYTHING, {"bank": 4016})
    assert Reconciliation.objects.get().trouble == ""


def test_an_account_that_is_lost_ends_the_run_and_is_told(desk: Desk) -> None:
    five(desk)
    desk.vendor.is_revoked, desk.vendor.broken = True, [base.NotConnected("Revoked.")]
    key = ask_for_run(connection=desk.connection, reason="nightly", at=AT)
    assert run_reconciliation(run_id=key, clock=lambda: AT) == "failed"
    assert Connection.objects.get().state == "disconnected"
    assert ask_for_runs(reason="nightly", at=AT) == []


def test_a_key_without_the_right_to_list_closes_no_till(desk: Desk) -> None:
    five(desk)
    desk.vendor.broken = [base.NotConnected("This key may not read payouts.")]
    key = ask_for_run(connection=desk.connection, reason="nightly", at=AT)
    assert run_reconciliation(run_id=key, clock=lambda: AT) == "running"
    assert Connection.objects.get().state == "active"
    assert Reconciliation.objects.get().trouble == "This key may not read payouts."
    later = AT + dt.timedelta(minutes=5)
    assert run_reconciliation(run_id=key, clock=lambda: later) == "done"


def test_after_ten_failures_a_run_is_given_up_and_the_next_night_begins_anew(desk: Desk) -> None:
    five(desk)
    desk.vendor.broken = [base.TryAgain("Too busy.") for _ in range(10)]
    key = ask_for_run(connection=desk.connection, reason="nightly", at=AT)
    states = [run_reconciliation(run_id=key, clock=lambda: AT) for _ in range(11)]
    assert states == ["running"] * 9 + ["failed", ""]
    assert ask_for_runs(reason="nightly", at=AT) != [key]


class Died(BaseException):
    """The process is gone: nothing below it is caught or cleaned up."""


@pytest.mark.parametrize(
    "place",
    [
        "reconcile.line_batch",
        "reconcile.settlement",
        "reconcile.listing",
        "reconcile.match_batch",
        "reconcile.matching",
        "reconcile.compare_batch",
        "reconcile.comparing",
        "reconcile.payout",
        "reconcile.posting",
        "reconcile.closing",
    ],
)
def test_a_process_that_dies_anywhere_leaves_a_run_that_ends_the_same(
    desk: Desk, small_batches: None, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    five(desk)
    dead: list[str] = []

    def die(name: str) -> None:
        if name == place and not dead:
            dead.append(name)
            raise Died

    for room in (running, listing, matching, comparing, running.post_payouts.__globals__):
        if isinstance(room, dict):
            monkeypatch.setitem(room, "reach", die)
        else:
            monkeypatch.setattr(room, "reach", die)
    key = ask_for_run(connection=desk.connection, reason="nightly", at=AT)
    with pytest.raises(Died):
        run_reconciliation(run_id=key, clock=lambda: AT)
    run_reconciliation(run_id=key, clock=lambda: AT)
    run = Reconciliation.objects.get()
    assert (dead, run.state, differences()) == ([place], "done", EVERYTHING)
    assert balances("bank", "fees", "payouts_unexplained") == {
        "bank": 4016,
        "fees": 40,
        "payouts_unexplained": -50,
    }
    assert SettlementLine.objects.count() == 6


def test_whoever_takes_a_run_over_stops_the_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    five(desk)
    key = ask_for_run(connection=desk.connection, reason="nightly", at=AT)
    taken: list[str] = []

    def meanwhile(name: str) -> None:
        if name == "reconcile.listing" and not taken:
            taken.append(name)
            taken.append(run_reconciliation(run_id=key, clock=lambda: AT))

    monkeypatch.setattr(running, "reach", meanwhile)
    assert run_reconciliation(run_id=key, clock=lambda: AT) == ""
    assert taken == ["reconcile.listing", "done"]
    assert (differences(), balances("bank")) == (EVERYTHING, {"bank": 4016})


def test_asked_twice_it_is_one_run_and_asked_while_it_runs_another_follows(desk: Desk) -> None:
    five(desk)
    first = ask_for_run(connection=desk.connection, reason="bell", at=AT)
    assert ask_for_run(connection=desk.connection, reason="bell", at=AT) == first
    claim = claiming.take_over(run_id=first, clock=lambda: AT)
    assert claim is not None
    assert ask_for_run(connection=desk.connection, reason="bell", at=AT) == first
    assert run_reconciliation(run_id=first, clock=lambda: AT) == "done"
    follower: Any = Reconciliation.objects.exclude(pk=first).get()
    assert (follower.state, follower.claim) == ("running", None)


def test_every_account_with_a_listing_is_compared_at_night(desk: Desk) -> None:
    Connection.objects.create(gateway="card_machine", name="Machine", account="m", created_at=AT)
    assert len(ask_for_runs(reason="nightly", at=AT + DAY)) == 1
