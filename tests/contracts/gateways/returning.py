"""Faults while money goes back, is disputed, and is paid out."""

import pytest

from payments.gateways import services, states
from payments.gateways.errors import AmountOutOfRange
from payments.gateways.models import Attempt, GatewayRefund
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
