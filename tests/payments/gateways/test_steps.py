"""Amounts that go in steps, as those with three digits do: refused with what is possible, and nothing recorded."""

from dataclasses import replace

import pytest

from fynlo.core.actors import SYSTEM
from payments.gateways.errors import AmountOutOfRange
from payments.gateways.facts import capabilities_of
from payments.gateways.models import Attempt, AttemptStep, GatewayRefund
from payments.gateways.services import (
    capture_attempt,
    increment_attempt,
    look_at_attempt,
    note_lost,
    register_owed,
    resolve_due,
)
from payments.gateways.services import owed as owed_room
from tests.payments.gateways.asking import AT, Desk, eur, later
from tests.payments.gateways.test_authorised import tab
from tests.payments.gateways.test_refunds import paid, plan
from tests.payments.gateways.vendor import EVERYTHING

pytestmark = pytest.mark.django_db

SMALLEST, LARGEST = EVERYTHING.smallest_minor, EVERYTHING.largest_minor or 0


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """An account that takes multiples of 0.10."""
    desk.vendor.offers = replace(EVERYTHING, step_minor=10)
    return desk


def said(refused: pytest.ExceptionInfo[AmountOutOfRange]) -> tuple[list[str], object]:
    """Which member is told, and what is possible instead."""
    return [each.pointer for each in refused.value.errors], refused.value.data["possible_minor"]


@pytest.mark.parametrize(
    ("minor", "possible"),
    [(1255, [1250, 1260]), (SMALLEST + 1, [SMALLEST, SMALLEST + 10]), (LARGEST - 1, [LARGEST - 10, LARGEST])],
    ids=["between", "above the least", "below the most"],
)
def test_an_attempt_between_two_steps_is_not_recorded(desk: Desk, minor: int, possible: list[int]) -> None:
    with pytest.raises(AmountOutOfRange) as refused:
        desk.start(minor)
    assert said(refused) == (["/amount/amount_minor"], possible)
    assert (refused.value.data["step_minor"], Attempt.objects.count()) == (10, 0)
    assert desk.presented(1250).state == "presented"


def test_the_sentence_says_what_is_possible(desk: Desk) -> None:
    with pytest.raises(AmountOutOfRange) as refused:
        desk.start(1255)
    assert refused.value.detail == (
        "12.55 EUR is not possible here: amounts go in steps of 0.10 EUR. "
        "Possible beside it: 12.50 EUR or 12.60 EUR."
    )


def test_neither_a_part_nor_more_is_asked_for_between_two_steps(desk: Desk) -> None:
    row = tab(desk)
    steps = AttemptStep.objects.count()
    with pytest.raises(AmountOutOfRange) as refused:
        capture_attempt(attempt_id=row.pk, amount=eur(4995), actor=SYSTEM, at=AT)
    assert said(refused) == (["/amount"], [4990, 5000])
    with pytest.raises(AmountOutOfRange) as refused:
        increment_attempt(attempt_id=row.pk, to=eur(5005), actor=SYSTEM, at=AT)
    assert said(refused) == (["/to"], [5000, 5010])
    with pytest.raises(AmountOutOfRange):
        increment_attempt(attempt_id=row.pk, to=eur(LARGEST + 10), actor=SYSTEM, at=AT)
    assert AttemptStep.objects.count() == steps
    assert capture_attempt(attempt_id=row.pk, amount=eur(4990), actor=SYSTEM, at=AT).captured_minor == 4990


@pytest.mark.parametrize("is_lost", [False, True], ids=["there", "lost"])
def test_a_part_that_no_card_gives_back_is_refused_before_it_is_planned(desk: Desk, is_lost: bool) -> None:
    row = paid(desk)
    if is_lost:
        note_lost(connection_id=desk.connection.pk, reason="The key was revoked.", at=AT)
    with pytest.raises(AmountOutOfRange) as refused:
        plan(row, 1245, pointer="/tenders")
    assert said(refused) == (["/tenders"], [1240, 1250])
    assert refused.value.detail.endswith("12.40 EUR or 12.50 EUR. The rest can go back another way.")
    row.refresh_from_db()
    assert (row.refunded_minor, GatewayRefund.objects.count()) == (0, 0)
    plan(row, 1240)
    with pytest.raises(AmountOutOfRange) as refused:
        plan(row, 5)
    assert said(refused) == ([], [10])
    plan(row, 10)


def test_all_of_it_goes_back_whatever_it_was(desk: Desk) -> None:
    row = paid(desk)
    Attempt.objects.filter(pk=row.pk).update(captured_minor=1253)
    assert plan(row, 1253).amount_minor == 1253


def test_before_it_runs_out_a_reservation_is_taken_down_to_a_step(desk: Desk) -> None:
    row = tab(desk)
    register_owed("test", lambda **_: None, left=lambda **_: 3257)
    try:
        Attempt.objects.filter(pk=row.pk).update(capture_before=later(hours=1), next_look_at=AT)
        resolve_due(at=AT, limit=10)
    finally:
        owed_room._owed.pop("test")
        owed_room._left.pop("test")
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.captured_minor) == ("captured", 3250)


def test_what_another_release_kept_of_an_account_does_no_harm() -> None:
    kept = {"channels": ["qr"], "step_minor": 10, "a_word_of_tomorrow": True}
    assert (capabilities_of(kept).step_minor, capabilities_of(kept).channels) == (10, frozenset({"qr"}))
    assert capabilities_of({"channels": ["qr"]}).step_minor == 1
