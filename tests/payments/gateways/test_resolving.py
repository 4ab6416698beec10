"""The sweep: whatever is open is looked at until it is known, with pauses that double."""

import datetime as dt

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import RuleViolation
from payments.gateways import base
from payments.gateways.models import Attempt
from payments.gateways.pauses import pause
from payments.gateways.queries import undecided_attempts, unsettled_attempts
from payments.gateways.sentences import sentence, sentence_key
from payments.gateways.services import (
    drive_attempt,
    give_back,
    look_at_attempt,
    register_settler,
    resolve_due,
)
from payments.gateways.services import settling as settling_room
from tests.payments.gateways.asking import AT, Desk, later
from tests.payments.gateways.vendor import LOST

pytestmark = pytest.mark.django_db


def state(row: Attempt) -> str:
    row.refresh_from_db()
    return row.state


def test_pauses_double_from_two_seconds_to_five_minutes() -> None:
    assert [pause(looks).seconds for looks in range(10)] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_an_attempt_whose_process_died_before_it_was_sent_is_sent(desk: Desk) -> None:
    row = desk.start()
    assert resolve_due(at=later(seconds=9), limit=10) == 0
    assert resolve_due(at=later(seconds=10), limit=10) == 1
    assert (state(row), row.vendor_id) == ("presented", "ch_1")


def test_what_was_asked_for_long_ago_is_let_go_and_put_before_nobody(desk: Desk) -> None:
    row = desk.start()
    assert resolve_due(at=later(minutes=15), limit=10) == 1
    assert state(row) == "cancelled"
    assert [(charge.state, charge.presented_at) for charge in desk.vendor.charges.values()] == [
        ("cancelled", [])
    ]


def test_an_attempt_nobody_waits_for_any_more_is_put_before_no_guest(desk: Desk) -> None:
    row = desk.start()
    resolve_due(at=later(minutes=20), limit=10)
    assert (state(row), row.next_look_at) == ("cancelled", None)
    charge = desk.vendor.charges["ch_1"]
    assert (charge.state, charge.presented_at) == ("cancelled", [])


def test_past_a_day_nobody_can_tell_by_the_key_and_it_is_unknown(desk: Desk) -> None:
    row = desk.start()
    resolve_due(at=later(hours=23), limit=10)
    assert (state(row), desk.vendor.charges) == ("unknown", {})
    resolve_due(at=later(hours=24), limit=10)
    assert (state(row), desk.vendor.charges, row.looks) == ("unknown", {}, 1)
    assert (row.failure_kind, sentence_key(row)) == ("undecidable", "unknown.undecidable")
    assert [each.pk for each in undecided_attempts(at=later(hours=24))] == [row.pk]


def test_past_a_day_one_the_vendor_does_not_list_ends_without_money(desk: Desk) -> None:
    """Until an hour later a request may still be on its way, so it is not said before."""
    desk.vendor.lists_all = True
    desk.vendor.then("begin", base.OutcomeUnknown("The line is dead."))
    row = drive_attempt(attempt_id=desk.start().pk, at=AT)
    Attempt.objects.filter(pk=row.pk).update(next_look_at=later(hours=23))
    resolve_due(at=later(hours=23, minutes=1), limit=10)
    assert (state(row), sentence_key(row)) == ("unknown", "unknown")
    resolve_due(at=later(hours=24), limit=10)
    assert (state(row), row.failure_code, row.next_look_at) == ("expired", "never_made", None)
    assert sentence(row) == "12.50 EUR never reached the payment provider; nothing was taken."
    assert [verb for verb, _ in desk.vendor.calls].count("begin") == 1
    assert not undecided_attempts(at=later(hours=25)).exists()
    assert desk.start().state == "prepared"


def test_past_a_day_one_the_vendor_has_is_found_and_let_go(desk: Desk) -> None:
    desk.vendor.then("begin", LOST)
    row = drive_attempt(attempt_id=desk.start().pk, at=AT)
    Attempt.objects.filter(pk=row.pk).update(next_look_at=later(hours=23))
    resolve_due(at=later(hours=30), limit=10)
    assert (state(row), row.vendor_id, desk.vendor.charges["ch_1"].state) == (
        "cancelled",
        "ch_1",
        "cancelled",
    )


def test_an_unknown_one_nobody_waits_for_is_found_under_its_key_and_let_go(desk: Desk) -> None:
    """The request never arrived, and the vendor cannot be looked through: within a day the key tells."""
    desk.vendor.then("begin", base.OutcomeUnknown("The line is dead."))
    row = drive_attempt(attempt_id=desk.start().pk, at=AT)
    resolve_due(at=later(minutes=14), limit=10)
    assert state(row) == "unknown"
    Attempt.objects.filter(pk=row.pk).update(next_look_at=later(minutes=15))
    resolve_due(at=later(minutes=15), limit=10)
    assert state(row) == "cancelled"
    assert [(charge.state, charge.presented_at) for charge in desk.vendor.charges.values()] == [
        ("cancelled", [])
    ]


def test_one_that_was_overridden_is_not_put_before_a_guest_any_more(desk: Desk) -> None:
    row = desk.start()
    Attempt.objects.filter(pk=row.pk).update(overridden_at=AT, overridden_by="Ada")
    resolve_due(at=later(seconds=10), limit=10)
    assert (state(row), desk.vendor.charges["ch_1"].presented_at) == ("cancelled", [])


def test_one_that_may_not_be_open_beside_another_stays_as_it_was_and_is_looked_at(desk: Desk) -> None:
    """A declined payment is presented by the guest's own page while another of its amount is being asked for."""
    first = desk.presented()
    desk.vendor.guest_is_declined(first.pk)
    look_at_attempt(attempt_id=first.pk, at=AT)
    desk.vendor.then("cancel", LOST)
    desk.start()
    desk.vendor.charges["ch_1"].state = "waiting"
    row = look_at_attempt(attempt_id=first.pk, at=AT)
    assert (row.state, row.next_look_at) == ("declined", later(seconds=2))
    desk.vendor.guest_pays(first.pk)
    assert look_at_attempt(attempt_id=first.pk, at=AT).state == "captured"


def test_an_attempt_whose_answer_was_lost_is_found_by_its_id_and_put_before_the_guest(desk: Desk) -> None:
    desk.vendor.then("begin", LOST)
    row = drive_attempt(attempt_id=desk.start().pk, at=AT)
    resolve_due(at=later(seconds=2), limit=10)
    assert (state(row), row.vendor_id, len(desk.vendor.charges)) == ("presented", "ch_1", 1)
    assert desk.vendor.charges["ch_1"].presented_at == ["rd_1"]


def test_looks_in_vain_come_ever_more_seldom(desk: Desk) -> None:
    row, at = desk.presented(), AT
    gaps = []
    for _ in range(5):
        row.refresh_from_db()
        assert row.next_look_at is not None
        gaps.append((row.next_look_at - at).seconds)
        at = row.next_look_at
        assert resolve_due(at=at, limit=10) == 1
    assert gaps == [2, 4, 8, 16, 32]


def test_money_whose_bell_never_rang_is_found(desk: Desk) -> None:
    row = desk.presented()
    desk.vendor.guest_pays(row.pk)
    resolve_due(at=later(seconds=2), limit=10)
    assert (state(row), row.settled_at, desk.settled) == ("captured", later(seconds=2), [row.pk])
    assert resolve_due(at=later(hours=1), limit=10) == 0


def test_money_that_no_order_takes_stays_visible_and_is_tried_again(desk: Desk) -> None:
    refusals = ["The order is closed.", "The order is closed."]

    def settle(*, attempt_id: object, at: dt.datetime) -> None:
        raise RuleViolation(refusals.pop())

    register_settler("late", settle)
    row = desk.presented(purpose="late")
    desk.vendor.guest_pays(row.pk)
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.settled_at, row.trouble) == ("captured", None, "The order is closed.")
    assert [each.pk for each in unsettled_attempts()] == [row.pk]
    resolve_due(at=later(seconds=10), limit=10)
    assert refusals == []
    refund = give_back(attempt_id=row.pk, reason="paid twice", actor=SYSTEM, at=later(minutes=1))
    assert (refund.state, refund.amount_minor, refund.part_id) == ("succeeded", 1250, None)
    assert not unsettled_attempts().exists()
    settling_room._settlers.pop("late")


def test_a_purpose_nobody_settles_is_told(desk: Desk) -> None:
    row = desk.presented(purpose="nobody")
    desk.vendor.guest_pays(row.pk)
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert row.trouble == "Nobody takes money for 'nobody' here."


def test_money_its_settler_has_no_use_for_says_so_is_listed_and_looked_at_ever_more_seldom(
    desk: Desk,
) -> None:
    """One without an order, for instance: the settler returns, and nothing is settled."""
    register_settler("deposit", lambda *, attempt_id, at: None)
    row = desk.presented(purpose="deposit", order_id=None)
    desk.vendor.guest_pays(row.pk)
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.settled_at, row.trouble) == (None, "Nothing owes it: give it back, or keep it as credit.")
    assert [each.pk for each in unsettled_attempts()] == [row.pk]
    gaps, at = [], AT
    for _ in range(4):
        row.refresh_from_db()
        assert row.next_look_at is not None
        gaps.append((row.next_look_at - at).seconds)
        at = row.next_look_at
        resolve_due(at=at, limit=10)
    assert gaps == [2, 4, 8, 16]
    settling_room._settlers.pop("deposit")


def test_a_link_that_is_not_paid_in_time_expires(desk: Desk) -> None:
    row = desk.presented(channel="qr", reader_id=None, expires_at=later(minutes=15))
    resolve_due(at=later(minutes=14), limit=10)
    assert state(row) == "presented"
    resolve_due(at=later(minutes=15), limit=10)
    assert (state(row), desk.vendor.charges["ch_1"].state) == ("expired", "cancelled")


def test_a_link_paid_at_the_last_moment_is_paid(desk: Desk) -> None:
    row = desk.presented(channel="qr", reader_id=None, expires_at=later(minutes=15))
    desk.vendor.then("cancel", base.TooLate())
    desk.vendor.then("advance", None)
    desk.vendor.guest_pays(row.pk)
    resolve_due(at=later(minutes=15), limit=10)
    assert (state(row), desk.settled) == ("captured", [row.pk])


def test_a_declined_payment_nobody_goes_on_with_is_let_go(desk: Desk) -> None:
    row = desk.presented()
    desk.vendor.guest_is_declined(row.pk)
    look_at_attempt(attempt_id=row.pk, at=AT)
    for minute in (5, 10):
        resolve_due(at=later(minutes=minute), limit=10)
        assert state(row) == "declined"
    resolve_due(at=later(minutes=15), limit=10)
    assert (state(row), desk.vendor.charges["ch_1"].state) == ("cancelled", "cancelled")


def test_one_that_fails_delays_no_other(desk: Desk) -> None:
    bad, good = desk.presented(), desk.presented(900)
    desk.vendor.guest_pays(good.pk)
    Attempt.objects.filter(pk=bad.pk).update(next={"kind": "wait", "sealed_secret": "nonsense"})
    assert resolve_due(at=later(seconds=2), limit=10) == 1
    assert state(good) == "captured"


def test_at_most_so_many_are_looked_at_the_longest_due_first(desk: Desk) -> None:
    rows = [desk.presented(minor) for minor in (100, 200, 300)]
    for place, row in enumerate(rows):
        Attempt.objects.filter(pk=row.pk).update(next_look_at=later(seconds=3 - place))
    assert resolve_due(at=later(seconds=5), limit=2) == 2
    looked = [row.looks for row in Attempt.objects.order_by("amount_minor")]
    assert looked == [0, 1, 1]
