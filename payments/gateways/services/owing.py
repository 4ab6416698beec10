"""Rows of money on its way back: their locks, their keys, their notes, and what the books say when one failed."""

import datetime as dt
from uuid import UUID

import structlog

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from fynlo.core.locks import lock_rows
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append
from payments.gateways.events import RefundFailed
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.services.writing import add_step, lock_attempt
from payments.ledger.accounts import REFUNDS_OWED
from payments.ledger.services import Posting, record_transfers

log = structlog.get_logger("fynlo.payments")


def refund_row(refund_id: UUID) -> GatewayRefund:
    """The refund with its attempt and account. Raises `NotFound`."""
    rows = GatewayRefund.objects.select_related("attempt__connection", "attempt__reader")
    found: GatewayRefund | None = rows.filter(pk=refund_id).first()
    if found is None:
        raise NotFound("There is no such refund.")
    return found


def lock_refund(refund_id: UUID) -> tuple[Attempt, GatewayRefund]:
    """The attempt, then the refund: the order of their locks."""
    attempt = lock_attempt(refund_row(refund_id).attempt_id)
    (refund,) = lock_rows(GatewayRefund.objects.all(), [refund_id])
    return attempt, refund


def refund_key(refund_id: UUID, number: int) -> str:
    """The key of its request; a failed one that is sent again has the next number."""
    return f"{current_tenant().slug}:{refund_id}:refund:{number}"


def owe(attempt: Attempt, refund: GatewayRefund, at: dt.datetime) -> None:
    """It failed: the money is still at the vendor, and a guest is owed it."""
    log.error("refund_failed", refund=str(refund.pk), code=refund.failure_code)
    post_owed(attempt, refund, debit=f"tender:{attempt.tender_type}", credit=REFUNDS_OWED, at=at)
    append(
        RefundFailed(
            refund.pk,
            attempt_id=attempt.pk,
            order_id=attempt.order_id,
            amount_minor=refund.amount_minor,
            currency=refund.currency,
            failure_code=refund.failure_code,
            failure_text=refund.failure_text,
            at=at,
        )
    )


def post_owed(attempt: Attempt, refund: GatewayRefund, *, debit: str, credit: str, at: dt.datetime) -> None:
    """Move what is owed between posting keys."""
    record_transfers(
        postings=[
            Posting(
                debit=debit,
                credit=credit,
                amount_minor=refund.amount_minor,
                kind="refund_owed",
                payment_id=attempt.pk,
            )
        ],
        currency=refund.currency,
        order_id=attempt.order_id,
        at=at,
        business_date=refund.business_date,
        register_id=attempt.register_id,
    )


def note(
    attempt: Attempt, refund: GatewayRefund, verb: str, actor: Actor, at: dt.datetime, **more: str
) -> None:
    """A step of the attempt that tells what somebody did with the refund.

    `more`: `was` is the vendor's name of it before, `how` the way the guest got the money otherwise.
    """
    detail = {"refund": str(refund.pk), "reason": refund.reason}
    detail |= {name: text for name, text in more.items() if text}
    add_step(row=attempt, what="noticed", verb=verb, key="", detail=detail, by=actor.name[:120], at=at)
