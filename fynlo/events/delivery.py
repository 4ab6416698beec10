"""One page for one reader of one tenant: lock the cursor, hand over, move the cursor, commit."""

from dataclasses import dataclass
from typing import Literal

from django.db.models import BigIntegerField, F, Subquery, Value
from django.db.models.functions import Coalesce

from fynlo.core.tenancy import current_tenant
from fynlo.events.log import read_after, unit_of_work
from fynlo.events.models import Cursor, FeedHead
from fynlo.events.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Delivery:
    """What happened: `idle` (nothing new), `busy` (another process has the cursor) or `delivered`."""

    result: Literal["idle", "busy", "delivered"]
    count: int = 0
    position: int = 0

    @property
    def again(self) -> bool:
        """Whether there may be more to deliver at once."""
        return self.result == "delivered"


IDLE = Delivery("idle")
BUSY = Delivery("busy")


def deliver(*, subscription: Subscription) -> Delivery:
    """Hand the next page of the current tenant to one reader.

    The cursor row is locked with SKIP LOCKED, so two relays never hand out the same page at the same time and
    neither waits. When the handler raises, everything it wrote is rolled back, the cursor stays, and the error
    is the caller's; when the process dies before COMMIT, the page is handed out again.
    """
    with unit_of_work():
        cursor = _lock(reader=subscription.name)
        if cursor is None:
            return BUSY
        items = read_after(cursor.position, limit=subscription.page)
        if not items:
            return IDLE
        subscription.handler(items, current_tenant())
        position = items[-1].seq
        Cursor.objects.filter(reader=subscription.name).update(position=position)
    return Delivery("delivered", count=len(items), position=position)


def lag(*, reader: str) -> int:
    """How many events of the current tenant this reader was not handed yet (one statement)."""
    own = Cursor.objects.filter(reader=reader).values("position")
    behind = F("position") - Coalesce(Subquery(own), Value(0), output_field=BigIntegerField())
    items: int = FeedHead.objects.annotate(behind=behind).values_list("behind", flat=True).get()
    return items


def _lock(*, reader: str) -> Cursor | None:
    """The locked cursor, made when the reader is new here; None while another process holds it."""
    free = Cursor.objects.select_for_update(skip_locked=True).filter(reader=reader)
    cursor: Cursor | None = free.first()
    if cursor is None:
        Cursor.objects.bulk_create([Cursor(reader=reader)], ignore_conflicts=True)
        cursor = free.first()
    return cursor
