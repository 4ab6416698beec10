"""Whether somebody may give back so much, so late: who answers for it, or what is flagged of what has happened."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from pos.configuration import RefundsSection
from pos.orders.flags import Flag
from staff.access.errors import ApprovalInvalid, ApprovalRequired
from staff.access.services.approvals import Approver, approver_for, use_approval

REFUND: Final = "refund"
RECEIPTLESS: Final = "receiptless"
MAY_REFUND: Final = "orders.refund"
MAY_APPROVE: Final = "orders.approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be allowed: so much of a sale of that day, on that day. `is_fact` says that it has happened."""

    actor: Actor
    amount_minor: int
    token: str | None = field(repr=False)
    subject_id: UUID
    at: dt.datetime
    is_fact: bool
    sold_on: dt.date | None
    refunded_on: dt.date
    action: str = REFUND


def answer_for(asked: Asked, policy: RefundsSection) -> tuple[Approver | None, list[Flag]]:
    """Who approved it (None: nobody had to), and flags for a fact nobody approved. Spends the approval it needs.

    Raises `ApprovalRequired` and `ApprovalInvalid` for a question.
    """
    reasons = list(_reasons(asked, policy))
    flags: list[Flag] = []
    try:
        if reasons:
            return _approved(asked, reasons), []
        approver = approver_for(
            actor=asked.actor,
            limit="refund_minor",
            amount_minor=asked.amount_minor,
            permission=MAY_REFUND,
            token=asked.token,
            action=asked.action,
            subject_id=asked.subject_id,
            at=asked.at,
        )
        return approver, []
    except (ApprovalRequired, ApprovalInvalid) as error:
        if not asked.is_fact:
            raise
        flags = [_flag(reason) for reason in reasons] or [_flag(_why(asked, error))]
    return None, flags


def _reasons(asked: Asked, policy: RefundsSection) -> Iterator[str]:
    """Why even somebody who may refund needs somebody who may approve."""
    if asked.actor.may(MAY_APPROVE):
        return
    if asked.action == RECEIPTLESS and policy.receiptless.needs_approval:
        yield "refund_without_approval"
    over = policy.approval_over_minor
    if over is not None and asked.amount_minor > over:
        yield "refund_over_limit"
    if policy.window_days is not None and asked.sold_on is not None:
        late = (asked.refunded_on - asked.sold_on).days > policy.window_days
        if late:
            yield "refund_after_window"


def _approved(asked: Asked, reasons: list[str]) -> Approver:
    if asked.token is None:
        raise ApprovalRequired(
            action=asked.action, limit="refund_minor", asked=asked.amount_minor, reasons=reasons
        )
    return use_approval(
        token=asked.token,
        action=asked.action,
        subject_id=asked.subject_id,
        actor=asked.actor,
        at=asked.at,
        amount_minor=asked.amount_minor,
    )


def _why(asked: Asked, error: Exception) -> str:
    """Beyond somebody's limit, or nobody who may refund at all."""
    limit = asked.actor.limit("refund_minor")
    over = limit is not None and asked.amount_minor > limit
    may = asked.actor.may(MAY_REFUND)
    return (
        "refund_over_limit"
        if over and may and isinstance(error, ApprovalRequired)
        else "refund_without_approval"
    )


def _flag(code: str) -> Flag:
    return {"code": code, "pointer": ""}
