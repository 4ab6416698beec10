"""Adjustments as they were recorded: the movements that name them."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from fynlo.core.clock import rfc3339
from fynlo.core.errors import NotFound
from pos.inventory.models import StockMovement
from pos.inventory.quantities import plain_quantity
from staff.employees.models import Employee

_KINDS: Final = (StockMovement.ADJUSTMENT, StockMovement.CHANNEL)
_WORTH: Final = """
SELECT moved.id, moved.value_minor + COALESCE((
    SELECT sum(later.value_minor) FROM pos_stockmovement AS later
    WHERE later.original_id = moved.id AND later.kind = 'revaluation'
), 0)
FROM pos_stockmovement AS moved WHERE moved.id = ANY(%(ids)s::uuid[])
"""


def worth_of(movement_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What movements are worth with all that corrected them; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WORTH, {"ids": list(movement_ids)})
        return dict(cursor.fetchall())


def lots_on_hand(*, location_id: UUID, lot_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What is on hand of lots at a location: the sum of the movements that name them; one statement."""
    if not lot_ids:
        return {}
    sums = (
        StockMovement.objects.filter(location_id=location_id, lot_id__in=set(lot_ids))
        .values("lot_id")
        .order_by("lot_id")
        .annotate(total=Sum("quantity"))
    )
    return {row["lot_id"]: row["total"] for row in sums}


def adjustment_document(*, adjustment_id: UUID, empty: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An adjustment as the API tells it. Raises `NotFound`, unless `empty` says what one without lines has."""
    rows = list(
        StockMovement.objects.select_related("variant")
        .filter(document_id=adjustment_id, kind__in=_KINDS)
        .order_by("id")
    )
    done = [row for row in rows if row.reversed_before is None]
    back = [row for row in rows if row.reversed_before is not None]
    if not done and empty is None:
        raise NotFound("There is no such adjustment.")
    names = names_of(rows)
    first, last = (done[0] if done else None), (back[0] if back else None)
    return {
        "id": str(adjustment_id),
        "location_id": str(first.location_id) if first else (empty or {})["location_id"],
        "source": "channel" if first and first.kind == StockMovement.CHANNEL else "shop",
        "reason": first.reason if first else "",
        "at": rfc3339(first.at) if first else None,
        "business_date": first.business_date.isoformat() if first else None,
        "by": names.get(first.employee_id, "") if first else "",
        "is_reverted": bool(back),
        "reverted_at": rfc3339(last.at) if last else None,
        "reverted_by": names.get(last.employee_id, "") if last else "",
        "lines": [_line(row) for row in done],
    }


def _line(row: StockMovement) -> dict[str, Any]:
    return {
        "movement_id": str(row.pk),
        "variant_id": str(row.variant_id),
        "sku": row.variant.sku,
        "quantity": plain_quantity(row.quantity),
        "value_minor": plain_quantity(row.value_minor),
        "is_valued": row.is_valued,
        "lot_id": str(row.lot_id) if row.lot_id else None,
    }


def names_of(rows: Collection[StockMovement]) -> dict[UUID | None, str]:
    """Who made these movements, by their keys."""
    keys = {row.employee_id for row in rows if row.employee_id is not None}
    return dict(Employee.objects.filter(pk__in=keys).values_list("id", "name")) if keys else {}
