"""Money on its way back: never more than was taken, sent once, and owed when it did not arrive."""

import datetime as dt
from dataclasses import replace

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden, InvalidInput
from fynlo.core.ids import new_id
from fynlo.events.log import read_after, unit_of_work
from payments.gateways import base
from payments.gateways.errors import AmountOutOfRange, CapabilityMissing, RefundNotFailed
from payments.gateways.models import Attempt, Connection, GatewayRefund
from payments.gateways.queries import failed_refunds
from payments.gateways.services import (
    check_connection,
    look_at_attempt,
    look_at_refund,
    note_lost,
    plan_refund,
    resolve_due,
    retry_refund,
    send_refund,
    settle_refund_otherwise,
)
from payments.gateways.services.writing import add_step
from payments.ledger.models import Transfer
from tests.payments.gateways.asking import AT, Desk, later
from tests.payments.gateways.vendor import EVERYTHING, LOST

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def paid(desk: Desk, minor: int = 1250) -> Attempt:
    row = desk.presented(minor)
    desk.vendor.guest_pays(row.pk)
    return look_at_attempt(attempt_id=row.pk, at=AT)


def plan(row: Attempt, minor: int, **facts: object) -> GatewayRefund:
    values = {"part_id": new_id(), "reason": "cold", "at": AT, "business_date": DAY, **facts}
    with unit_of_work():
        return plan_refund(attempt_id=row.pk, amount_minor=minor, **values)  # type: ignore[arg-type]


def owed() -> list[tuple[str, str, int]]:
    rows = Transfer.objects.order_by("id").filter(kind="refund_owed")
    return list(rows.values_list("debit_key", "credit_key", "amount_minor"))


def test_parts_go_back_and_never_more_than_was_taken(desk: Desk) -> None:
    row = paid(desk)
    first = send_refund(refund_id=plan(row, 500).pk, at=AT)
    assert (first.state, first.vendor_id, first.done_at) == ("succeeded", "re_1", AT)
    plan(row, 750)
    with pytest.raises(AmountOutOfRange):
        plan(row, 1)
    row.refresh_from_db()
    assert row.refunded_minor == 1250


def test_the_same_part_again_is_the_same_refund(desk: Desk) -> None:
    row, part = paid(desk), new_id()
    assert plan(row, 500, part_id=part).pk == plan(row, 500, part_id=part).pk
    row.refresh_from_db()
    assert row.refunded_minor == 500


def test_a_refund_nobody_sent_is_sent_by_the_sweep(desk: Desk) -> None:
    refund = plan(paid(desk), 500)
    resolve_due(at=later(seconds=10), limit=10)
    refund.refresh_from_db()
    assert (refund.state, desk.vendor.charges["ch_1"].refunded) == ("succeeded", 500)


def test_a_lost_answer_is_asked_again_with_the_same_key(desk: Desk) -> None:
    refund = plan(paid(desk), 500)
    desk.vendor.then("refund", LOST)
    assert send_refund(refund_id=refund.pk, at=AT).state == "unknown"
    resolve_due(at=later(seconds=30), limit=10)
    refund.refresh_from_db()
    assert (refund.state, desk.vendor.charges["ch_1"].refunded) == ("succeeded", 500)


def test_a_failed_refund_is_owed_and_sent_again_as_a_new_request(desk: Desk) -> None:
    refund = plan(paid(desk), 500)
    desk.vendor.then("refund", base.Declined("The card is closed.", code="expired_card"))
    failed = send_refund(refund_id=refund.pk, at=AT)
    assert (failed.state, failed.failure_code, failed.next_look_at) == ("failed", "expired_card", None)
    assert owed() == [("tender:card", "refunds_owed", 500)]
    assert [each.pk for each in failed_refunds()] == [refund.pk]
    done = retry_refund(refund_id=refund.pk, actor=SYSTEM, at=later(days=1))
    assert (done.state, done.number, desk.vendor.charges["ch_1"].refunded) == ("succeeded", 2, 500)
    assert owed()[1:] == [("refunds_owed", "tender:card", 500)]
    sent = [key.rpartition(":")[2] for verb, key in desk.vendor.calls if verb == "refund"]
    assert sent == ["1", "2"]
    assert [step.by for step in refund.attempt.steps.filter(what="sent", verb="refund")] == ["", "system"]


def test_a_refund_that_fails_days_later_is_owed_once(desk: Desk) -> None:
    refund = send_refund(refund_id=plan(paid(desk), 500).pk, at=AT)
    desk.vendor.refunds["re_1"] = base.RefundState(
        state="failed", vendor_id="re_1", failure_code="account_closed", failure_text="Closed."
    )
    for _ in range(2):
        refund = look_at_refund(refund_id=refund.pk, at=later(days=4))
    assert (refund.state, refund.failure_code, owed()) == (
        "failed",
        "account_closed",
        [("tender:card", "refunds_owed", 500)],
    )
    assert [item.t for item in read_after(0)].count("payment.refund_failed") == 1


def test_a_failed_refund_is_settled_otherwise(desk: Desk) -> None:
    refund = plan(paid(desk), 500)
    desk.vendor.then("refund", base.Refused("No.", code="x"))
    send_refund(refund_id=refund.pk, at=AT)
    with pytest.raises(InvalidInput):
        settle_refund_otherwise(refund_id=refund.pk, reason=" ", actor=SYSTEM, at=AT)
    done = settle_refund_otherwise(refund_id=refund.pk, reason="cash from K1", actor=SYSTEM, at=AT)
    assert (done.state, done.settled_by, done.reason) == ("settled", "system", "cold")
    step = done.attempt.steps.get(verb="settle")
    assert step.detail == {"refund": str(refund.pk), "reason": "cold", "how": "cash from K1"}
    assert owed() == [("tender:card", "refunds_owed", 500), ("refunds_owed", "paid_out", 500)]
    with pytest.raises(RefundNotFailed):
        retry_refund(refund_id=refund.pk, actor=SYSTEM, at=AT)


@pytest.mark.parametrize("is_lost", [True, False], ids=["lost", "never asked"])
def test_a_part_goes_back_once_an_account_answers_again(desk: Desk, is_lost: bool) -> None:
    """What an account can do that does not answer is not known: that is no reason to refuse a refund."""
    row = paid(desk)
    if is_lost:
        note_lost(connection_id=desk.connection.pk, reason="The key was revoked.", at=AT)
    else:
        Connection.objects.update(checked_at=None, capabilities={})
        desk.vendor.then("capabilities", base.TryAgain("busy"))
    desk.vendor.then("refund", base.NotConnected("The key was revoked."))
    refund = send_refund(refund_id=plan(row, 500).pk, at=AT)
    assert (refund.state, refund.failure_code, desk.vendor.charges["ch_1"].refunded) == ("prepared", "", 0)
    assert owed() == []
    resolve_due(at=later(seconds=10), limit=10)
    refund.refresh_from_db()
    assert (refund.state, desk.vendor.charges["ch_1"].refunded) == ("succeeded", 500)


def test_an_account_that_says_it_gives_back_no_parts_is_believed(desk: Desk) -> None:
    row = paid(desk)
    desk.vendor.offers = replace(EVERYTHING, partial_refund=False)
    check_connection(connection_id=desk.connection.pk, at=AT)
    with pytest.raises(CapabilityMissing):
        plan(row, 500)
    assert plan(row, 1250).state == "prepared"


def test_a_refund_that_waits_for_a_lost_account_is_settled_otherwise_and_not_sent_any_more(
    desk: Desk,
) -> None:
    refund = plan(paid(desk), 500)
    with pytest.raises(RefundNotFailed):
        settle_refund_otherwise(refund_id=refund.pk, reason="by transfer", actor=SYSTEM, at=AT)
    desk.vendor.then("refund", base.NotConnected("The key was revoked."))
    send_refund(refund_id=refund.pk, at=AT)
    done = settle_refund_otherwise(
        refund_id=refund.pk, reason="by transfer", actor=SYSTEM, at=AT, account="bank"
    )
    assert (done.state, done.settled_by, done.next_look_at) == ("settled", "system", None)
    assert owed() == [("tender:card", "refunds_owed", 500), ("refunds_owed", "bank", 500)]
    resolve_due(at=later(hours=1), limit=10)
    assert desk.vendor.charges["ch_1"].refunded == 0


def test_one_that_may_have_left_is_not_settled_otherwise(desk: Desk) -> None:
    """The process died after the request left; then the account was lost."""
    refund = plan(paid(desk), 500)
    with unit_of_work():
        add_step(row=refund.attempt, what="sent", verb="refund", key=refund.key, detail={}, at=AT)
    note_lost(connection_id=desk.connection.pk, reason="The key was revoked.", at=AT)
    with pytest.raises(RefundNotFailed):
        settle_refund_otherwise(refund_id=refund.pk, reason="by transfer", actor=SYSTEM, at=AT)


def test_who_may_not_send_again_is_told(desk: Desk) -> None:
    refund = plan(paid(desk), 500)
    nobody = Actor(kind="device", id=new_id(), name="till")
    with pytest.raises(Forbidden):
        retry_refund(refund_id=refund.pk, actor=nobody, at=AT)


def test_a_pending_refund_is_asked_about_until_it_is_done(desk: Desk) -> None:
    refund = plan(paid(desk), 500)
    send_refund(refund_id=refund.pk, at=AT)
    GatewayRefund.objects.filter(pk=refund.pk).update(
        state="pending", done_at=None, next_look_at=later(hours=6)
    )
    resolve_due(at=later(hours=6), limit=10)
    refund.refresh_from_db()
    assert (refund.state, refund.done_at) == ("succeeded", later(hours=6))
