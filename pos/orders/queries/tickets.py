"""What is open: orders that are neither completed nor cancelled."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from pos.orders.models import Order
from pos.orders.queries.orders import with_places
from pos.orders.states import CANCELLED, COMPLETED, DRAFT

TICKET_STATES: Final = ("draft", "placed")


def open_orders(*, location_id: UUID | None = None, state: str | None = None) -> QuerySet[Order, Order]:
    """Open orders for lists, of a location if said; `draft` or `placed` of them if said."""
    found = with_places().exclude(fulfilment_state__in=(COMPLETED, CANCELLED))
    if location_id is not None:
        found = found.filter(location_id=location_id)
    if state == "draft":
        return found.filter(fulfilment_state=DRAFT)
    return found if state is None else found.exclude(fulfilment_state=DRAFT)
