"""Faults while money goes back, is disputed, and is paid out."""

import pytest

from payments.gateways import services, states
from payments.gateways.errors import AmountOutOfRange
from payments.gateways.models import Attempt, GatewayRefund
from payments.reconciliation.models import Difference, Dispute, Payout, SettlementLine
from tests.contracts.gateways.case import PRICE, Case
from tests.contracts.gateways.faults import fault
from tests.contracts.gateways.worlds.base import Lost


def _went_back(case: Case, attempt: Attempt, *amounts: int) -> None:
    case.settled()
    assert sorted(case.world.back(attempt.pk)) == sorted(amounts)
    rows = GatewayRefund.objects.filter(attempt=attempt).order_by("id")
    assert [(row.state, row.amount_minor) for row in rows] == [(states.SUCCEEDED, each) for each in amounts]
    assert Attempt.objects.get(pk=attempt.pk).refunded_minor == sum(amounts)


@fault
def given_back_in_parts(case: Case) -> None:
    """In two parts, and never more than was taken."""
    attempt = case.paid()
    case.back(attempt, 400)
    case.back(attempt, PRICE - 400)
    with pytest.raises(AmountOutOfRange):
        case.plan_back(attempt, 1)
    _went_back(case, attempt, 400, PRICE - 400)


def _lost(case: Case, name: Lost) -> None:
    attempt = case.paid()
    case.world.fault("refund", name)
    refund = case.back(attempt, 400)
    assert refund.state in {states.UNKNOWN, states.PREPARED}
    _went_back(case, attempt, 400)


@fault
def refund_answer_lost_after_commit(case: Case) -> None:
    """It went back, and we do not know."""
    _lost(case, "lost_after")


@fault
def refund_request_lost(case: Case) -> None:
    """It did not go back, and we do not know."""
    _lost(case, "lost_before")


@fault
def refund_server_error_then_success(case: Case) -> None:
    """500, and the second time it works."""
    _lost(case, "server_error")


@fault
def refund_rate_limited(case: Case) -> None:
    """429 while money goes back."""
    _lost(case, "rate_limited")


@fault
def refund_sent_twice(case: Case) -> None:
    """Two workers send the same refund."""
    attempt = case.paid()
    refund = case.back(attempt, 400)
    services.send_refund(refund_id=refund.pk, at=case.at)
    services.look_at_refund(refund_id=refund.pk, at=case.at)
    _went_back(case, attempt, 400)


@fault
def refund_fails_later(case: Case) -> None:
    """Days after it had succeeded the money is back with the merchant: it is owed to the guest until sent again."""
    attempt = case.paid()
    refund = case.back(attempt, 400)
    case.settled()
    refund.refresh_from_db()
    assert refund.state == states.SUCCEEDED
    case.later(days=3)
    case.world.fail_refund(refund.vendor_id)
    case.settled()
    refund.refresh_from_db()
    assert (refund.state, case.balance("refunds_owed")) == (states.FAILED, 400)
    services.retry_refund(refund_id=refund.pk, actor=case.actor, at=case.at)
    assert case.balance("refunds_owed") == 0
    _went_back(case, attempt, 400)


def _disputed(case: Case, *, is_won: bool) -> None:
    attempt = case.paid()
    name = case.world.dispute(attempt)
    case.settled()
    dispute = Dispute.objects.get(vendor_id=name)
    assert (dispute.state, dispute.amount_minor) == ("needs_response", PRICE)
    case.later(days=3)
    case.world.close_dispute(name, is_won=is_won)
    case.settled()
    dispute.refresh_from_db()
    assert dispute.state == ("won" if is_won else "lost")
    case.once(attempt)


@fault
def dispute_won(case: Case) -> None:
    """The guest's bank took the money and gives it back; the payment is the same all along."""
    _disputed(case, is_won=True)


@fault
def dispute_lost(case: Case) -> None:
    """The guest's bank took the money and keeps it; the payment is the same all along."""
    _disputed(case, is_won=False)


@fault
def foreign_line_in_a_payout(case: Case) -> None:
    """A line of the payout is nothing of ours: it is listed, and the rest is matched to the cent."""
    attempt = case.paid()
    case.once(attempt)
    case.world.foreign_line()
    case.world.pay_out()
    case.reconcile()
    case.reconcile()
    (payout,) = Payout.objects.all()
    lines = SettlementLine.objects.filter(payout=payout).exclude(about="own").order_by("gross_minor")
    assert [(line.gross_minor, line.state) for line in lines] == [(-100, "listed"), (PRICE, "matched")]
    assert (case.balance("bank"), case.balance("payouts_unexplained")) == (payout.amount_minor, 100)
    assert case.balance(case.account) == 0
    assert Difference.objects.filter(state="open").count() == 1


@fault
def payout_with_everything_in_it(case: Case) -> None:
    """A sale, a refund and a refund that failed: paid out, matched, and nothing is left on the way."""
    attempt = case.paid()
    case.back(attempt, 400)
    refund = case.back(attempt, 300)
    case.settled()
    refund.refresh_from_db()
    case.world.fail_refund(refund.vendor_id)
    case.settled()
    case.world.pay_out()
    case.reconcile()
    states_of = SettlementLine.objects.exclude(about="own").values_list("state", flat=True)
    assert set(states_of) == {"matched"}
    assert not Difference.objects.exists()
    (payout,) = Payout.objects.all()
    assert (payout.unexplained_minor, case.balance("bank")) == (0, payout.amount_minor)
