"""Runs that break off, whoever's fault it is: counted, paused, given up with the reason; nothing is left out."""

import datetime as dt
from typing import Any

import pytest

from payments.gateways import base
from payments.reconciliation.models import Reconciliation, SettlementLine
from payments.reconciliation.pauses import FAILURES, pause_after
from payments.reconciliation.queries.runs import due_runs
from payments.reconciliation.services import running
from payments.reconciliation.services.claiming import Clock
from payments.reconciliation.services.running import ask_for_run, ask_for_runs, run_reconciliation
from payments.reconciliation.tasks import reconcile_due
from tests.payments.reconciliation.listing import AT, DAY, Desk, balances, differences

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def breaking(monkeypatch: pytest.MonkeyPatch, step: str) -> list[str]:
    """From now on our own code raises in this step; how often it did."""
    raised: list[str] = []

    def break_off(_claim: Any) -> None:
        raised.append(step)
        raise ZeroDivisionError

    monkeypatch.setitem(running._WORK, step, break_off)
    return raised


def clock_at(at: dt.datetime) -> Clock:
    """A clock that stands."""
    return lambda: at


def ask(desk: Desk, at: dt.datetime = AT) -> Any:
    return ask_for_run(connection=desk.connection, reason="nightly", at=at)


def interrupted(desk: Desk) -> Any:
    """A run in the middle of which the vendor went away."""
    desk.pays_out(desk.line("charge", 70, payment="pay_x"))
    desk.vendor.broken = [base.TryAgain("Too busy.")]
    key = ask(desk)
    assert run_reconciliation(run_id=key, clock=lambda: AT) == "running"
    return key


@pytest.mark.parametrize("step", ["listing", "matching", "comparing", "posting", "closing"])
def test_a_run_whose_code_raises_is_counted_and_given_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    raised = breaking(monkeypatch, step)
    key = ask(desk)
    states = [run_reconciliation(run_id=key, clock=lambda: AT) for _ in range(FAILURES + 1)]
    assert states == ["running"] * (FAILURES - 1) + ["failed", ""]
    run = Reconciliation.objects.get()
    assert (len(raised), run.failures, run.step, run.claim) == (FAILURES, FAILURES, step, None)
    assert (run.trouble, run.finished_at) == ("It could not be done here (ZeroDivisionError).", AT)
    assert due_runs(at=AT + DAY) == []


def test_it_waits_longer_every_time() -> None:
    minutes = [pause_after(failures) / MINUTE for failures in range(8)]
    assert minutes == [0, 5, 10, 20, 40, 60, 60, 60]
    assert pause_after(10**9) == dt.timedelta(hours=1)


def test_a_run_that_broke_off_is_not_due_before_its_pause_is_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, "matching")
    key, at = ask(desk), AT
    for pause in (5, 10, 20):
        run_reconciliation(run_id=key, clock=clock_at(at))
        assert due_runs(at=at + (pause - 1) * MINUTE) == []
        at += pause * MINUTE
        assert due_runs(at=at) == [key]


def test_the_sweep_says_nothing_of_it_and_holds_up_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, "matching")
    ask(desk)
    assert reconcile_due.run() == 1
    assert Reconciliation.objects.get().failures == 1
    assert reconcile_due.run() == 0


def test_a_process_that_dies_again_and_again_is_given_up_as_well(desk: Desk) -> None:
    key, at = ask(desk), AT
    for _ in range(FAILURES):
        assert running.take_over(run_id=key, clock=clock_at(at)) is not None
        assert due_runs(at=at + 4 * MINUTE) == []
        at += 5 * MINUTE
        assert due_runs(at=at) == [key]
    assert run_reconciliation(run_id=key, clock=lambda: at) == ""
    run = Reconciliation.objects.get()
    assert (run.state, run.trouble) == ("failed", "The process that worked on it ended in the middle.")


def test_the_next_night_begins_a_run_that_leaves_nothing_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window of the run that breaks off is compared by the next, however far it came."""
    desk.run(at=AT - 30 * DAY)
    kept = dict(running._WORK)
    attempt = desk.attempt(1000, at=AT - 25 * DAY)
    desk.attempt(2000, at=AT - 24 * DAY, vendor_id="pay_unlisted")
    desk.pays_out(desk.charge(attempt, fee=30), desk.line("charge", 70, payment="pay_x"), name="out_1")
    breaking(monkeypatch, "matching")
    broken = ask(desk, AT - 20 * DAY)
    assert run_reconciliation(run_id=broken, clock=lambda: AT - 20 * DAY) == "running"
    (following,) = ask_for_runs(reason="nightly", at=AT)
    assert Reconciliation.objects.get(pk=broken).state == "failed"
    assert Reconciliation.objects.get(pk=following).since == AT - 44 * DAY
    assert set(SettlementLine.objects.exclude(about="own").values_list("state", flat=True)) == {"new"}
    monkeypatch.setattr(running, "_WORK", kept)
    assert run_reconciliation(run_id=following, clock=lambda: AT) == "done"
    assert differences() == [("missing_here", "pay_x"), ("missing_there", "pay_unlisted")]
    assert balances("bank", "fees") == {"bank": 1040, "fees": 30}
    assert not SettlementLine.objects.filter(state="new").exists()


def test_a_night_does_not_disturb_a_run_that_is_worked_on(desk: Desk) -> None:
    key = interrupted(desk)
    assert running.take_over(run_id=key, clock=lambda: AT) is not None
    assert ask_for_runs(reason="nightly", at=AT + MINUTE) == [key]


def test_a_bell_while_it_waits_is_followed(desk: Desk) -> None:
    """It may have passed what the bell is about before it broke off."""
    key = interrupted(desk)
    assert ask_for_run(connection=desk.connection, reason="bell", at=AT + MINUTE) == key
    assert run_reconciliation(run_id=key, clock=lambda: AT + 5 * MINUTE) == "done"
    assert Reconciliation.objects.exclude(pk=key).get().state == "running"


def test_whoever_asks_by_hand_does_not_wait_for_the_pause(desk: Desk) -> None:
    key = interrupted(desk)
    assert ask(desk, AT + MINUTE) == key
    assert run_reconciliation(run_id=key, clock=lambda: AT + MINUTE) == "done"
