"""Reading what vendors said."""

import datetime as dt
from uuid import UUID

from django.db.models import Count

from payments.webhooks import states
from payments.webhooks.models import InboundEvent

_A_SWEEP = 200


def due_events(*, at: dt.datetime, limit: int = _A_SWEEP) -> list[UUID]:
    """Events to be handled now, those that wait longest first."""
    due = InboundEvent.objects.filter(next_try_at__isnull=False, next_try_at__lte=at)
    return list(due.order_by("next_try_at", "id").values_list("pk", flat=True)[:limit])


def parked_events() -> int:
    """How many wait for a person."""
    return InboundEvent.objects.filter(state=states.PARKED).count()


def events_by_state() -> dict[str, int]:
    """How many events there are in each state."""
    counted = InboundEvent.objects.order_by().values("state").annotate(found=Count("id"))
    return {row["state"]: row["found"] for row in counted}
