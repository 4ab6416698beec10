"""Going on although nobody knows: somebody allowed to takes another payment, says why, and answers for it."""

import datetime as dt
from uuid import UUID

import structlog

from fynlo.core.actors import Actor
from fynlo.core.errors import InvalidInput
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.errors import AttemptNotBlocking
from payments.gateways.models import Attempt
from payments.gateways.services.writing import add_step, lock_attempt, say_changed

log = structlog.get_logger("fynlo.payments")


def override_attempt(
    *, attempt_id: UUID, reason: str, actor: Actor, at: dt.datetime, approver_name: str = ""
) -> Attempt:
    """Let the same amount of the order be asked for again although this attempt is undecided.

    It goes on being looked up: if it turns out that money was taken, that money is kept and listed. `approver_name`
    is who approved it where the actor may not do it alone; whoever passes it has spent that approval in this very
    transaction. Raises `Forbidden` without `payments.override` or an approver, `InvalidInput` without a reason,
    `AttemptNotBlocking` when nothing waits for it.
    """
    if not approver_name:
        actor.require("payments.override")
    if not reason.strip():
        raise InvalidInput("Say why another payment is taken.", pointer="/reason")
    with unit_of_work():
        row = lock_attempt(attempt_id)
        if row.state not in states.BLOCKING or row.overridden_at is not None:
            raise AttemptNotBlocking(state=row.state)
        row.overridden_at, row.override_reason = at, reason.strip()[:200]
        row.overridden_by = (approver_name or actor.name)[:120]
        row.save(update_fields=["overridden_at", "override_reason", "overridden_by"])
        detail = {"reason": row.override_reason, "approved_by": approver_name}
        add_step(row=row, what="noticed", verb="override", key="", detail=detail, by=actor.name[:120], at=at)
        log.warning("attempt_overridden", attempt=str(row.pk), state=row.state, by=row.overridden_by)
        say_changed(row, at=at)
    return row
