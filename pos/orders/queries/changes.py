"""What happened to an order after it was made."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.clock import rfc3339
from fynlo.core.errors import NotFound
from pos.orders.models import Order, OrderChange


def changes_of(*, order_id: UUID) -> QuerySet[OrderChange, OrderChange]:
    """The changes of an order, for lists; one statement to know that there is such an order. Raises `NotFound`."""
    if not Order.objects.filter(pk=order_id).exists():
        raise NotFound("There is no such order.")
    found: QuerySet[OrderChange, OrderChange] = OrderChange.objects.filter(order_id=order_id)
    return found


def change_document(change: OrderChange) -> dict[str, Any]:
    """A change as the API tells it."""
    return {
        "id": str(change.id),
        "revision": change.revision,
        "kind": change.kind,
        "line_id": None if change.line_id is None else str(change.line_id),
        "before": _sorted(change.before),
        "after": _sorted(change.after),
        "reason": change.reason or None,
        "employee": _person(change.employee_id, change.employee_name),
        "approver": _person(change.approver_id, change.approver_name),
        "device_id": None if change.device_id is None else str(change.device_id),
        "at": rfc3339(change.at),
        "business_date": change.business_date.isoformat(),
    }


def _person(key: UUID | None, name: str) -> dict[str, Any] | None:
    return None if key is None else {"id": str(key), "name": name}


def _sorted(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """With its members in one order, because the database's JSON keeps none."""
    return None if kept is None else {name: kept[name] for name in sorted(kept)}
