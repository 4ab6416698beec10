"""Money that is asked for and not wanted any more: whoever asked says so, and it is let go as soon as it can be.

Saying so is part of the transaction that decides it, so a process that dies afterwards leaves it to the sweep.
Letting go asks the vendor, and comes after COMMIT.
"""

import datetime as dt
from collections.abc import Collection
from typing import Final
from uuid import UUID

import structlog
from django.db.models import Q

from fynlo.core.errors import DomainError
from fynlo.core.locks import lock_rows
from payments.gateways import states
from payments.gateways.models import Attempt
from payments.gateways.services.attempts import let_go
from payments.gateways.services.writing import add_step, say_changed
from payments.gateways.unwanted import WITHDRAWN

log = structlog.get_logger("fynlo.payments")

_MAY_BE_PAID: Final = (*states.OPEN, states.DECLINED)


def withdraw_attempts(
    *, order_id: UUID, why: str, by: str, at: dt.datetime, besides: Collection[str] = ()
) -> list[UUID]:
    """Say in the caller's transaction that nothing of what is asked for this order is wanted; which it is about;
    those in the states `besides` stay.

    The attempts are locked by this, after whatever the caller has locked. `let_go_of` lets them go after COMMIT;
    they are due to be looked at, so the sweep does it as well.
    """
    keys = Attempt.objects.filter(order_id=order_id, state__in=_MAY_BE_PAID).order_by("id")
    return withdraw(
        attempt_ids=list(keys.values_list("pk", flat=True)), why=why, by=by, at=at, besides=besides
    )


def withdraw(
    *, attempt_ids: Collection[UUID], why: str, by: str, at: dt.datetime, besides: Collection[str] = ()
) -> list[UUID]:
    """`withdraw_attempts` for whoever knows which attempts it is about."""
    withdrawn = []
    for row in lock_rows(Attempt.objects.all(), list(attempt_ids)):
        if row.state in besides or row.state not in _MAY_BE_PAID or WITHDRAWN in row.details:
            continue
        row.details, row.next_look_at = {**row.details, WITHDRAWN: why}, at
        row.save(update_fields=["details", "next_look_at"])
        add_step(row=row, what="noticed", verb="withdraw", key="", detail={"reason": why}, by=by[:120], at=at)
        say_changed(row, at=at)
        withdrawn.append(row.pk)
    return withdrawn


def let_go_of(*, attempt_ids: list[UUID], by: str, at: dt.datetime) -> None:
    """Let them go now, as far as that goes; what does not is left to the sweep. Outside of every transaction."""
    for key in attempt_ids:
        try:
            let_go(attempt_id=key, by=by, at=at)
        except DomainError as refusal:
            log.info("attempt_not_let_go", attempt=str(key), code=refusal.code)


def undecided(*, order_id: UUID) -> Attempt | None:
    """An attempt of the order of which nobody knows whether it took money, and that nobody overrode; or one that
    did, and is not put to the order yet. None: there is no such attempt.
    """
    is_taken = Q(state=states.CAPTURED, settled_at=None)
    rows = Attempt.objects.filter(Q(state=states.UNKNOWN, overridden_at=None) | is_taken, order_id=order_id)
    found: Attempt | None = rows.order_by("id").first()
    return found
