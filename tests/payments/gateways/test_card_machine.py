"""A machine of its own: people type what its slip says."""

from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import RuleViolation
from fynlo.core.money import Money
from payments.gateways.errors import (
    AmountOutOfRange,
    AttemptUndecided,
    CapabilityMissing,
    CardNumberRefused,
    SlipInvalid,
)
from payments.gateways.models import Attempt
from payments.gateways.sentences import sentence
from payments.gateways.services import (
    Slip,
    cancel_attempt,
    drive_attempt,
    ensure_connection,
    resolve_due,
    type_slip,
)
from tests.payments.gateways.asking import AT, Desk, eur, later

pytestmark = pytest.mark.django_db


def asked(desk: Desk, **facts: Any) -> Attempt:
    connection = ensure_connection(gateway="card_machine", at=AT)
    return desk.start(connection_id=connection.pk, channel="manual", reader_id=None, **facts)


def test_the_slip_is_typed_after_the_guest_paid(desk: Desk) -> None:
    row = drive_attempt(attempt_id=asked(desk).pk, at=AT)
    assert (row.state, sentence(row)) == (
        "presented",
        "12.50 EUR is asked for at the card machine; type what its slip says.",
    )
    slip = Slip(last4="4242", reference="000123 A7")
    row = type_slip(attempt_id=row.pk, slip=slip, actor=SYSTEM, at=AT)
    assert (row.state, row.captured_minor, row.card["last4"]) == ("captured", 1250, "4242")
    assert row.details["vendor"]["slip"] == {"last4": "4242", "reference": "000123 A7"}
    assert desk.settled == [row.pk]
    with pytest.raises(AmountOutOfRange, match=r"^12\.50 EUR was taken already\.$"):
        type_slip(attempt_id=row.pk, slip=Slip(amount=eur(1)), actor=SYSTEM, at=AT)
    again = type_slip(attempt_id=row.pk, slip=Slip(amount=eur(1250)), actor=SYSTEM, at=AT)
    assert (again.captured_minor, desk.settled) == (1250, [row.pk])


def test_an_amount_other_than_asked_is_taken_as_typed_and_flagged(desk: Desk) -> None:
    row = drive_attempt(attempt_id=asked(desk).pk, at=AT)
    row = type_slip(attempt_id=row.pk, slip=Slip(amount=eur(1520), last4="4242"), actor=SYSTEM, at=AT)
    assert (row.captured_minor, row.details["vendor"]["flag"]) == (1520, "amount_differs")
    assert sentence(row) == "15.20 EUR was taken; 12.50 EUR was asked for."


@pytest.mark.parametrize("amount", [Money(1250, "USD"), eur(0)], ids=["other money", "nothing"])
def test_a_slip_of_other_money_or_of_nothing_is_refused(desk: Desk, amount: Money) -> None:
    row = drive_attempt(attempt_id=asked(desk).pk, at=AT)
    with pytest.raises(AmountOutOfRange):
        type_slip(attempt_id=row.pk, slip=Slip(amount=amount), actor=SYSTEM, at=AT)
    row.refresh_from_db()
    assert (row.state, row.captured_minor) == ("presented", 0)


def test_nothing_is_kept_of_a_slip_that_is_refused(desk: Desk) -> None:
    row = drive_attempt(attempt_id=asked(desk).pk, at=AT)
    with pytest.raises(AmountOutOfRange):
        type_slip(attempt_id=row.pk, slip=Slip(amount=eur(0), last4="4242"), actor=SYSTEM, at=AT)
    assert "slip" not in Attempt.objects.get(pk=row.pk).details["vendor"]


def test_only_a_card_machine_of_its_own_has_a_slip(desk: Desk) -> None:
    row = desk.presented()
    with pytest.raises(CapabilityMissing) as refused:
        type_slip(attempt_id=row.pk, slip=Slip(last4="4242"), actor=SYSTEM, at=AT)
    assert refused.value.data["missing"] == "slip"
    with pytest.raises(AttemptUndecided):
        type_slip(attempt_id=row.pk, slip=Slip(), actor=SYSTEM, at=AT)
    assert "slip" not in Attempt.objects.get(pk=row.pk).details["vendor"]


def test_a_slip_that_is_there_already_comes_with_the_request(desk: Desk) -> None:
    slip = {"last4": "4242", "reference": "123", "amount_minor": "1250"}
    row = drive_attempt(attempt_id=asked(desk, details=slip).pk, at=AT)
    assert (row.state, row.card["last4"], "flag" in row.details["vendor"]) == ("captured", "4242", False)


@pytest.mark.parametrize(
    ("slip", "refusal", "pointer"),
    [
        (Slip(last4="42"), SlipInvalid, "/last4"),
        (Slip(last4="٤٢٤٢"), SlipInvalid, "/last4"),
        (Slip(reference="4111 1111 1111 1111"), CardNumberRefused, "/reference"),
        (Slip(reference="x" * 81), SlipInvalid, "/reference"),
    ],
    ids=["too short", "other digits", "a card's number", "too long"],
)
def test_what_may_not_be_written_down_is_refused_with_its_member(
    desk: Desk, slip: Slip, refusal: type[RuleViolation], pointer: str
) -> None:
    row = drive_attempt(attempt_id=asked(desk).pk, at=AT)
    with pytest.raises(refusal) as refused:
        type_slip(attempt_id=row.pk, slip=slip, actor=SYSTEM, at=AT)
    assert [each.pointer for each in refused.value.errors] == [pointer]
    assert "4111" not in str(Attempt.objects.get(pk=row.pk).details)


@pytest.mark.parametrize("amount", ["0", "-5", "12.50", "٥", "9" * 16])
def test_a_slip_with_an_impossible_amount_is_refused(desk: Desk, amount: str) -> None:
    row = drive_attempt(attempt_id=asked(desk, details={"amount_minor": amount}).pk, at=AT)
    assert (row.state, row.failure_code) == ("refused", "slip_amount")


def test_a_card_number_that_comes_with_the_request_is_refused(desk: Desk) -> None:
    row = drive_attempt(attempt_id=asked(desk, details={"reference": "4111111111111111"}).pk, at=AT)
    assert (row.state, row.failure_code, row.captured_minor) == ("refused", "slip_refused", 0)


def test_it_is_let_go_when_the_guest_changes_their_mind(desk: Desk) -> None:
    row = drive_attempt(attempt_id=asked(desk).pk, at=AT)
    assert cancel_attempt(attempt_id=row.pk, actor=SYSTEM, at=AT).state == "cancelled"


def test_one_whose_process_died_is_put_on_the_screen_again_and_later_let_go(desk: Desk) -> None:
    row = asked(desk)
    resolve_due(at=later(seconds=10), limit=10)
    row.refresh_from_db()
    assert row.state == "presented"
    for minor, at in ((900, later(minutes=16)), (800, later(days=3))):
        other = asked(desk, amount=eur(minor))
        resolve_due(at=at, limit=10)
        other.refresh_from_db()
        assert other.state == "cancelled"
