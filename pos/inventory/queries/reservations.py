"""What is promised to whom."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.clock import rfc3339
from pos.inventory.models import Reservation, ReservationLine
from pos.inventory.quantities import plain_quantity
from pos.inventory.states import ACTIVE


def reservations(
    *,
    location_id: UUID | None = None,
    variant_id: UUID | None = None,
    state: str | None = None,
    kind: str | None = None,
) -> QuerySet[Reservation, Reservation]:
    """Reservations with their lines, for lists."""
    found = Reservation.objects.prefetch_related("lines").order_by("id")
    wanted = {"location_id": location_id, "state": state, "kind": kind}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    if variant_id is not None:
        lines = ReservationLine.objects.filter(variant_id=variant_id)
        found = found.filter(pk__in=lines.values("reservation_id"))
    return found


def reservation_document(kept: Reservation, lines: list[ReservationLine]) -> dict[str, Any]:
    """The whole of a reservation as the API and the feed tell it; `held` is what it keeps now."""
    ordered = sorted(lines, key=lambda line: line.position)
    held = [line for line in ordered if line.held and kept.state == ACTIVE]
    return {
        "id": str(kept.id),
        "kind": kept.kind,
        "location_id": str(kept.location_id),
        "state": kept.state,
        "note": kept.note or None,
        "made_at": rfc3339(kept.made_at),
        "made_by": _person(kept.made_by_id, kept.made_by_name),
        "expires_at": rfc3339(kept.expires_at),
        "order_id": str(kept.order_id) if kept.order_id else None,
        "ended_at": rfc3339(kept.ended_at) if kept.ended_at else None,
        "ended_by": _person(kept.ended_by_id, kept.ended_by_name),
        "lines": [
            {"variant_id": str(line.variant_id), "quantity": plain_quantity(line.quantity)}
            for line in ordered
            if line.quantity
        ],
        "held": [
            {"variant_id": str(line.variant_id), "quantity": plain_quantity(line.held)} for line in held
        ],
    }


def _person(key: UUID | None, name: str) -> dict[str, Any] | None:
    return {"id": str(key) if key else None, "name": name} if name else None
