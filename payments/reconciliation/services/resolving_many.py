"""The same done about many differences at once: each by itself, so one that cannot be helped holds up no other."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError, InvalidInput
from payments.reconciliation.actions import ACCEPT, TO_FEES
from payments.reconciliation.errors import ActionNotPossible, ReasonNeeded
from payments.reconciliation.services.resolving import PERMISSION, resolve_difference

MOST_AT_ONCE: Final = 500
"""Some seconds' work while somebody waits."""
MANY: Final = (ACCEPT, TO_FEES)
"""What can be said of many with one reason. Giving back, and asking the vendor, is decided one by one."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A difference about which it could not be done, and why."""

    difference_id: UUID
    why: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """How many were dealt with, and those that were not."""

    done_count: int
    refused: tuple[Refused, ...]


def resolve_differences(
    *, difference_ids: Sequence[UUID], action: str, reason: str, actor: Actor, at: dt.datetime
) -> Resolved:
    """Do it about each of them, in the order given; what somebody dealt with meanwhile is told, not done again.

    Safe to repeat: what is done stays done. Raises `Forbidden`, `InvalidInput` for none or too many,
    `ActionNotPossible` for what is decided one by one, `ReasonNeeded`.
    """
    actor.require(PERMISSION)
    keys = list(dict.fromkeys(difference_ids))
    if not 0 < len(keys) <= MOST_AT_ONCE:
        raise InvalidInput(f"Choose between one and {MOST_AT_ONCE} differences.")
    if action not in MANY:
        raise ActionNotPossible("This is decided one by one.", possible=list(MANY))
    if not reason.strip():
        raise ReasonNeeded(pointer="/reason")
    refused: list[Refused] = []
    for key in keys:
        try:
            resolve_difference(difference_id=key, action=action, reason=reason, actor=actor, at=at)
        except DomainError as error:
            refused.append(Refused(key, error.detail))
    return Resolved(len(keys) - len(refused), tuple(refused))
