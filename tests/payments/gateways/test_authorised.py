"""Money that is reserved first: more of it, less of it, and what happens before the reservation ends."""

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import rfc3339
from payments.gateways import base
from payments.gateways.documents import attempt_told
from payments.gateways.errors import AmountOutOfRange, AttemptUndecided, CapabilityMissing
from payments.gateways.models import Attempt
from payments.gateways.services import (
    capture_attempt,
    check_connection,
    increment_attempt,
    look_at_attempt,
    resolve_due,
)
from tests.payments.gateways.asking import AT, Desk, eur, later
from tests.payments.gateways.vendor import LOST

pytestmark = pytest.mark.django_db


def tab(desk: Desk, **facts: object) -> Attempt:
    """A tab of 50.00 that is authorised."""
    row = desk.presented(5000, capture="manual", incremental=True, **facts)
    desk.vendor.guest_pays(row.pk)
    return look_at_attempt(attempt_id=row.pk, at=AT)


def test_a_tab_grows_and_less_than_all_is_taken(desk: Desk) -> None:
    row = tab(desk)
    assert (row.state, row.authorised_minor, row.settled_at) == ("authorised", 5000, None)
    row = increment_attempt(attempt_id=row.pk, to=eur(8000), actor=SYSTEM, at=AT)
    assert (row.state, row.authorised_minor, row.amount_minor) == ("authorised", 8000, 8000)
    row = capture_attempt(attempt_id=row.pk, amount=eur(7350), actor=SYSTEM, at=AT)
    assert (row.state, row.captured_minor, desk.vendor.captured, desk.settled) == (
        "captured",
        7350,
        7350,
        [row.pk],
    )
    again = capture_attempt(attempt_id=row.pk, amount=eur(7350), actor=SYSTEM, at=AT)
    assert (again.captured_minor, desk.settled) == (7350, [row.pk])


def test_a_declined_increment_leaves_the_old_amount(desk: Desk) -> None:
    row = tab(desk)
    desk.vendor.then("increment", base.Declined("Not so much.", code="limit"))
    row = increment_attempt(attempt_id=row.pk, to=eur(8000), actor=SYSTEM, at=AT)
    assert (row.state, row.authorised_minor, row.failure_kind) == ("authorised", 5000, "declined")
    assert capture_attempt(attempt_id=row.pk, amount=None, actor=SYSTEM, at=AT).captured_minor == 5000


def test_a_lost_increment_is_looked_up_before_anything_else(desk: Desk) -> None:
    row = tab(desk)
    desk.vendor.then("increment", LOST)
    row = increment_attempt(attempt_id=row.pk, to=eur(8000), actor=SYSTEM, at=AT)
    assert (row.state, row.authorised_minor) == ("authorised", 8000)


def test_a_lost_capture_is_found(desk: Desk) -> None:
    row = tab(desk)
    desk.vendor.then("capture", LOST)
    row = capture_attempt(attempt_id=row.pk, amount=None, actor=SYSTEM, at=AT)
    assert (row.state, row.captured_minor, desk.vendor.captured) == ("captured", 5000, 5000)


def test_a_capture_refused_because_it_ran_out_is_looked_up(desk: Desk) -> None:
    row = tab(desk)
    desk.vendor.charges["ch_1"].state = "expired"
    row = capture_attempt(attempt_id=row.pk, amount=None, actor=SYSTEM, at=AT)
    assert (row.state, row.captured_minor, row.settled_at) == ("expired", 0, None)


def test_what_is_not_reserved_yet_is_not_taken(desk: Desk) -> None:
    row = desk.presented(5000, capture="manual")
    with pytest.raises(AttemptUndecided):
        capture_attempt(attempt_id=row.pk, amount=None, actor=SYSTEM, at=AT)
    assert not [verb for verb, _ in desk.vendor.calls if verb == "capture"]


def test_more_than_is_authorised_is_refused_before_anybody_is_asked(desk: Desk) -> None:
    row = tab(desk)
    with pytest.raises(AmountOutOfRange):
        capture_attempt(attempt_id=row.pk, amount=eur(5001), actor=SYSTEM, at=AT)
    with pytest.raises(AmountOutOfRange):
        increment_attempt(attempt_id=row.pk, to=eur(4999), actor=SYSTEM, at=AT)
    assert not [verb for verb, _ in desk.vendor.calls if verb in ("capture", "increment")]


@pytest.mark.parametrize(
    ("setting", "order", "state", "captured"),
    [
        ("", True, "captured", 5000),
        ("cancel", True, "cancelled", 0),
        ("", False, "cancelled", 0),
        ("capture", False, "captured", 5000),
    ],
)
def test_nothing_reserved_is_left_to_run_out(
    desk: Desk, setting: str, order: bool, state: str, captured: int
) -> None:
    if setting:
        desk.connection.settings = {"uncaptured": setting}
        desk.connection.save()
    row = tab(desk, **({} if order else {"order_id": None}))
    Attempt.objects.filter(pk=row.pk).update(capture_before=later(hours=48), next_look_at=later(hours=12))
    assert resolve_due(at=later(hours=12), limit=10) == 1
    row.refresh_from_db()
    assert (row.state, row.next_look_at) == ("authorised", later(hours=24))
    resolve_due(at=later(hours=24), limit=10)
    resolve_due(at=later(hours=36), limit=10)
    row.refresh_from_db()
    assert (row.state, row.next_look_at) == ("authorised", later(hours=47))
    resolve_due(at=later(hours=47), limit=10)
    row.refresh_from_db()
    assert (row.state, row.captured_minor, desk.vendor.captured) == (state, captured, captured)


@pytest.mark.parametrize(
    ("channel", "order", "hours", "state"),
    [
        ("present", True, 47, "captured"),
        ("present", False, 47, "cancelled"),
        ("remote", True, 167, "captured"),
        ("remote", False, 167, "cancelled"),
    ],
)
def test_a_reservation_whose_end_nobody_names_ends_after_two_days_at_a_reader_and_seven_online(
    desk: Desk, channel: str, order: bool, hours: int, state: str
) -> None:
    reader = {} if channel == "present" else {"reader_id": None, "expires_at": later(hours=200)}
    row = tab(desk, channel=channel, **reader, **({} if order else {"order_id": None}))
    assert (row.capture_before, attempt_told(row)["capture_before"]) == (
        None,
        rfc3339(later(hours=hours + 1)),
    )
    Attempt.objects.filter(pk=row.pk).update(next_look_at=later(hours=hours - 1))
    resolve_due(at=later(hours=hours - 1), limit=10)
    row.refresh_from_db()
    assert (row.state, row.next_look_at) == ("authorised", later(hours=hours))
    resolve_due(at=later(hours=hours), limit=10)
    row.refresh_from_db()
    assert row.state == state


def test_what_the_account_does_not_offer_is_named(desk: Desk) -> None:
    desk.vendor.offers = base.Capabilities(channels=frozenset({"present"}), currencies=frozenset({"EUR"}))
    check_connection(connection_id=desk.connection.pk, at=AT)
    for facts, missing, pointer in (
        ({"channel": "qr"}, "qr", "/channel"),
        ({"capture": "manual"}, "manual_capture", "/capture"),
        ({"incremental": True}, "increment", "/incremental"),
        ({"tip_on_reader": True}, "reader_tips", "/tip_on_reader"),
        ({"amount": eur(1250).__class__(1250, "USD")}, "currency USD", "/amount/currency"),
    ):
        with pytest.raises(CapabilityMissing) as refused:
            desk.start(**facts)
        assert refused.value.data["missing"] == missing
        assert [each.pointer for each in refused.value.errors] == [pointer]
    assert Attempt.objects.count() == 0
