"""Value that nobody paid for: given away, corrected. Within somebody's limit, or approved by somebody else."""

import datetime as dt
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.events.log import unit_of_work
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.services import (
    AdjustDraft,
    GiveDraft,
    Occasion,
    adjust_value,
    give_value,
    office_occasion,
)
from staff.access.services.approvals import approver_for

MANAGE: Final = "gift_cards.manage"
LIMIT: Final = "gift_card_minor"
ACTION: Final = "gift_card"


def give_away(*, draft: GiveDraft, approval: str | None, actor: Actor, at: dt.datetime) -> StoredValue:
    """Put value on a card that nobody paid for. The same draft again is the same, and spends no other approval.

    Raises `ApprovalRequired`, `ApprovalInvalid`, and what `give_value` raises.
    """
    with unit_of_work():
        occasion = _allowed(draft.id, draft.account_id, draft.amount_minor, approval, actor, at)
        return give_value(draft=draft, occasion=occasion)


def correct(*, draft: AdjustDraft, approval: str | None, actor: Actor, at: dt.datetime) -> StoredValue:
    """Correct what is on a card. Raises `ApprovalRequired`, `ApprovalInvalid`, and what `adjust_value` raises."""
    with unit_of_work():
        occasion = _allowed(draft.id, draft.account_id, abs(draft.amount_minor), approval, actor, at)
        return adjust_value(draft=draft, occasion=occasion)


def _allowed(
    cause_id: UUID,
    account_id: UUID,
    amount_minor: int,
    approval: str | None,
    actor: Actor,
    at: dt.datetime,
) -> Occasion:
    if ValueActivity.objects.filter(cause_id=cause_id).exists():
        return office_occasion(actor=actor, at=at)  # a repeat; it writes nothing
    approver = approver_for(
        actor=actor,
        limit=LIMIT,
        amount_minor=amount_minor,
        permission=MANAGE,
        token=approval,
        action=ACTION,
        subject_id=account_id,
        at=at,
    )
    return office_occasion(
        actor=actor,
        at=at,
        approver_id=None if approver is None else approver.id,
        approver_name="" if approver is None else approver.name,
    )
