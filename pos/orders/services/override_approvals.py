"""Who answers for another payment while the outcome of one is unknown."""

import datetime as dt
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from staff.access.services.approvals import approver_for

ACTION: Final = "payment_override"
_PERMISSION: Final = "payments.override"


def approve_override(*, actor: Actor, token: str | None, attempt_id: UUID, at: dt.datetime) -> str:
    """The approver's name, "" when the actor may do it alone. The subject of an approval is the attempt.

    Raises `ApprovalRequired` and `ApprovalInvalid`; runs in the transaction of the override.
    """
    approver = approver_for(
        actor=actor,
        limit=None,
        permission=_PERMISSION,
        token=token,
        action=ACTION,
        subject_id=attempt_id,
        at=at,
    )
    return "" if approver is None else approver.name
