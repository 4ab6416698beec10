"""Going on although nobody knows: somebody allowed to takes another payment, says why, and answers for it.

Who may approve is known further up the street (staff and payments are strangers), so whoever knows registers it.
"""

import datetime as dt
from typing import Protocol
from uuid import UUID

import structlog

from fynlo.core.actors import Actor
from fynlo.core.errors import InvalidInput
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.errors import AttemptNotBlocking
from payments.gateways.facts import capabilities_of
from payments.gateways.models import Attempt
from payments.gateways.registry import gateway_of
from payments.gateways.services.writing import add_step, lock_attempt, say_changed

log = structlog.get_logger("fynlo.payments")

PERMISSION = "payments.override"


class Approving(Protocol):
    """Says inside the transaction who answers for it besides the actor: their name, "" when the actor may alone.

    Raises what says that an approval is needed, or not good.
    """

    def __call__(self, *, actor: Actor, token: str | None, attempt_id: UUID, at: dt.datetime) -> str: ...


def _by_permission(*, actor: Actor, token: str | None, attempt_id: UUID, at: dt.datetime) -> str:
    """Where nobody registered anything: the permission decides."""
    del token, attempt_id, at
    actor.require(PERMISSION)
    return ""


_approving: list[Approving] = [_by_permission]


def register_approving(approving: Approving) -> None:
    """Have `approving` asked who answers for an override."""
    _approving[:] = [approving]


def override_attempt(
    *, attempt_id: UUID, reason: str, actor: Actor, at: dt.datetime, approval: str | None = None
) -> Attempt:
    """Let the same amount of the order be asked for again although this attempt is undecided.

    It goes on being looked up: if it turns out that money was taken, that money is kept and listed, and if it is
    found open, it is let go. `approval` is the token of somebody's approval where the actor may not do it alone; it
    is spent in this transaction. Raises what the approval does, `InvalidInput` without a reason, and
    `AttemptNotBlocking` when nothing waits for it, or it can be cancelled: then the guest pays once.
    """
    if not reason.strip():
        raise InvalidInput("Say why another payment is taken.", pointer="/reason")
    with unit_of_work():
        row = lock_attempt(attempt_id)
        approver = _approving[0](actor=actor, token=approval, attempt_id=attempt_id, at=at)
        _check(row)
        row.overridden_at, row.override_reason = at, reason.strip()[:200]
        row.overridden_by = (approver or actor.name)[:120]
        row.save(update_fields=["overridden_at", "override_reason", "overridden_by"])
        detail = {"reason": row.override_reason, "approved_by": approver}
        add_step(row=row, what="noticed", verb="override", key="", detail=detail, by=actor.name[:120], at=at)
        log.warning("attempt_overridden", attempt=str(row.pk), state=row.state, by=row.overridden_by)
        say_changed(row, at=at)
    return row


def _check(row: Attempt) -> None:
    """One that is known to be open is cancelled; it is overridden only where that is not possible."""
    if row.state not in states.OPEN or row.overridden_at is not None:
        raise AttemptNotBlocking(state=row.state)
    if not is_overridable(row):
        detail = "The guest can still pay it: cancel it, then take the money another way."
        raise AttemptNotBlocking(detail, state=row.state, instead="cancel")


def is_overridable(row: Attempt) -> bool:
    """Whether another payment may be allowed instead: nobody knows what became of it, or it cannot be cancelled."""
    if row.state not in states.OPEN or row.overridden_at is not None:
        return False
    is_local = getattr(gateway_of(row.connection.gateway), "is_local", False)
    offers = is_local or capabilities_of(row.connection.capabilities).cancel
    return row.state == states.UNKNOWN or not offers or not (row.vendor_id or is_local)
