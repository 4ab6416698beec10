"""How reservations end by themselves: a sale names one, or its time is over."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from fynlo.core.actors import SYSTEM, Actor
from fynlo.events.log import append, unit_of_work
from pos.events import ReservationConsumed, ReservationExpired
from pos.inventory.models import Reservation
from pos.inventory.services.reservations import ended
from pos.inventory.states import ACTIVE

UNKNOWN: Final = "unknown"
ELSEWHERE: Final = "elsewhere"


def consume_reservation(
    *,
    reservation_id: UUID,
    order_id: UUID,
    location_id: UUID,
    variant_ids: Sequence[UUID],
    actor: Actor,
    at: dt.datetime,
) -> str:
    """End a reservation by the sale that names it, before its goods are taken; returns '' or why it kept nothing.

    All of it ends, also what the guest did not take after all. A sale is never refused for its reservation: one
    that is over (its state), made at another location (`elsewhere`) or not known (`unknown`) stays as it is. One
    whose time is over but which the sweep has not reached keeps its goods. The levels of `variant_ids`, which the
    sale takes, are locked in order with its own. Runs in the caller's unit of work.
    """
    kept = Reservation.objects.select_for_update().filter(pk=reservation_id).first()
    if kept is None:
        return UNKNOWN
    if kept.state != ACTIVE:
        return str(kept.state)
    if kept.location_id != location_id:
        return ELSEWHERE
    document = ended(kept, event="consume", actor=actor, at=at, order_id=order_id, also_locked=variant_ids)
    append(ReservationConsumed(entity_id=kept.id, at=at, state=document))
    return ""


def expire_reservations(*, at: dt.datetime) -> int:
    """Let go what was kept until `at` or before, each in a unit of work of its own; returns how many.

    What a sale or a person is just ending is passed over.
    """
    due = Reservation.objects.filter(state=ACTIVE, expires_at__lte=at).order_by("expires_at", "id")
    return sum(_expire(key, at) for key in list(due.values_list("id", flat=True)))


def _expire(reservation_id: UUID, at: dt.datetime) -> bool:
    with unit_of_work():
        rows = Reservation.objects.select_for_update(skip_locked=True)
        kept = rows.filter(pk=reservation_id, state=ACTIVE, expires_at__lte=at).first()
        if kept is None:
            return False
        document = ended(kept, event="expire", actor=SYSTEM, at=at)
        append(ReservationExpired(entity_id=kept.id, at=at, state=document))
    return True
