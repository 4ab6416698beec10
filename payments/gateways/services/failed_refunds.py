"""Refunds that failed are owed to a guest: sent again as a new request, or settled by other means.

One that never left, because its account is lost, may be settled by other means too: then it is not sent any more.
"""

import datetime as dt
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import InvalidInput
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.errors import RefundNotFailed
from payments.gateways.models import Attempt, AttemptStep, GatewayRefund
from payments.gateways.models.connections import LOST
from payments.gateways.pauses import GRACE
from payments.gateways.sentences import WITHHELD
from payments.gateways.services.owing import lock_refund, note, owe, post_owed, refund_key
from payments.gateways.services.refunds import send_refund
from payments.ledger.accounts import REFUNDS_OWED


def retry_refund(*, refund_id: UUID, actor: Actor, at: dt.datetime) -> GatewayRefund:
    """Send a failed one again, as a new request. Raises `Forbidden`, `RefundNotFailed`."""
    actor.require("payments.refund_retry")
    with unit_of_work():
        attempt, refund = lock_refund(refund_id)
        _step(refund, "retry")
        was = refund.vendor_id
        refund.number += 1
        refund.key, refund.vendor_id = refund_key(refund.pk, refund.number), ""
        refund.failure_code = refund.failure_text = ""
        refund.looks, refund.next_look_at, refund.done_at = 0, at + GRACE, None
        refund.save()
        note(attempt, refund, "retry", actor, at, was=was)
        post_owed(attempt, refund, debit=REFUNDS_OWED, credit=f"tender:{attempt.tender_type}", at=at)
    return send_refund(refund_id=refund_id, at=at, by=actor.name)


def settle_refund_otherwise(
    *, refund_id: UUID, reason: str, actor: Actor, at: dt.datetime, account: str = "paid_out"
) -> GatewayRefund:
    """The guest got the money of a failed refund another way. `account` is the posting key that paid it, `reason`
    the way; it stands in the step, and why the money goes back stays what it was.

    `paid_out` when it was paid out of a drawer (the drawer's own movement books the cash), `bank` when it was
    transferred. One that waits for a lost account to come back has failed by this. Raises `Forbidden`,
    `InvalidInput` without a reason, `RefundNotFailed`.
    """
    actor.require("payments.refund_retry")
    if not reason.strip():
        raise InvalidInput("Say how the guest got the money.", pointer="/reason")
    with unit_of_work():
        attempt, refund = lock_refund(refund_id)
        if never_left(attempt, refund):
            _step(refund, "fail")
            refund.failure_code, refund.failure_text = (
                "not_connected",
                "The payment account is not connected.",
            )
            owe(attempt, refund, at)
        _step(refund, "settle")
        refund.settled_by, refund.done_at, refund.next_look_at = actor.name[:120], at, None
        refund.save()
        note(attempt, refund, "settle", actor, at, how=reason.strip()[:200])
        post_owed(attempt, refund, debit=REFUNDS_OWED, credit=account, at=at)
    return refund


def withhold_refund(*, refund_id: UUID, at: dt.datetime) -> GatewayRefund:
    """Send a planned one to nobody, as a dispute has the money: it has failed, and somebody decides what becomes of
    it. In the caller's transaction, which planned it. Raises `RefundNotFailed` for one that was sent.
    """
    attempt, refund = lock_refund(refund_id)
    _step(refund, "fail")
    refund.failure_code = WITHHELD
    refund.failure_text = "The guest's bank took the payment back already, so it was not sent."
    refund.done_at, refund.next_look_at = at, None
    refund.save()
    owe(attempt, refund, at)
    return refund


def never_left(attempt: Attempt, refund: GatewayRefund) -> bool:
    """Whether its account is lost and every request for it was turned away: nothing of it can be on its way."""
    if refund.state != states.PREPARED or attempt.connection.state != LOST:
        return False
    steps = AttemptStep.objects.filter(attempt=attempt, verb="refund", key=refund.key)
    return steps.filter(what="sent").count() == steps.filter(what="answered").count()


def _step(refund: GatewayRefund, event: str) -> None:
    if event not in states.REFUND.events(refund.state):
        raise RefundNotFailed(state=refund.state)
    refund.state = states.REFUND.after(refund.state, event)
