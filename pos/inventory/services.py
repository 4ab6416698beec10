"""Stock is the sum of its movements; the level is kept beside them in the same statement."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from pos.inventory.models import StockMovement

# One statement: the movements, and their sums per variant added to the levels. Levels are locked in the order
# of the variants' keys (within one location), so two sales of the same goods wait and never cross. What the
# catalogue no longer has is on no shelf: it is left out, and so missing from the answer.
_MOVE = """
WITH moved AS (
    INSERT INTO pos_stockmovement (id, variant_id, location_id, kind, quantity, order_id, order_line_id,
        employee_id, at, business_date)
    SELECT new.id, new.variant_id, %(location_id)s, %(kind)s, new.quantity, %(order_id)s, new.line_id,
        %(employee_id)s, %(at)s, %(business_date)s
    FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(quantities)s::numeric[], %(lines)s::uuid[])
        AS new (id, variant_id, quantity, line_id)
    JOIN pos_variant AS known ON known.id = new.variant_id
)
INSERT INTO pos_stocklevel AS level (id, variant_id, location_id, on_hand)
SELECT change.id, change.variant_id, %(location_id)s, change.quantity
FROM unnest(%(level_ids)s::uuid[], %(changed)s::uuid[], %(changes)s::numeric[])
    AS change (id, variant_id, quantity)
JOIN pos_variant AS known ON known.id = change.variant_id
ORDER BY change.variant_id
ON CONFLICT (variant_id, location_id) DO UPDATE SET on_hand = level.on_hand + EXCLUDED.on_hand
RETURNING variant_id, on_hand
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChange:
    """A quantity of a variant that comes (positive) or goes (negative), in the variant's unit."""

    variant_id: UUID
    quantity: Decimal
    order_line_id: UUID | None = None


def record_sale(
    *,
    order_id: UUID,
    location_id: UUID,
    changes: Sequence[StockChange],
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
) -> dict[UUID, Decimal]:
    """Append what a sale took, and return what is on hand now, by variant.

    Runs in the caller's unit of work. A level may fall below zero: the goods did leave. Of a variant that was
    removed from the catalogue nothing is kept, and it is missing from the answer. Whoever calls this decides
    what to say about either.
    """
    return _move(
        changes,
        kind=StockMovement.SALE,
        order_id=order_id,
        location_id=location_id,
        employee_id=employee_id,
        at=at,
        business_date=business_date,
    )


def record_opening(
    *,
    location_id: UUID,
    changes: Sequence[StockChange],
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
) -> dict[UUID, Decimal]:
    """Append what was there at the start, and return what is on hand now, by variant.

    Runs in the caller's unit of work. Raises IntegrityError (`pos_stockmovement_one_opening`) for a variant
    whose opening at this location is recorded already. Quantities of zero are left out.
    """
    return _move(
        [change for change in changes if change.quantity],
        kind=StockMovement.OPENING,
        order_id=None,
        location_id=location_id,
        employee_id=employee_id,
        at=at,
        business_date=business_date,
    )


def _move(
    changes: Sequence[StockChange], *, order_id: UUID | None, location_id: UUID, **facts: Any
) -> dict[UUID, Decimal]:
    if not changes:
        return {}
    sums = _sums(changes)
    columns: dict[str, Any] = {
        "ids": [new_id() for _ in changes],
        "variants": [change.variant_id for change in changes],
        "quantities": [change.quantity for change in changes],
        "lines": [change.order_line_id for change in changes],
        "level_ids": [new_id() for _ in sums],
        "changed": list(sums),
        "changes": list(sums.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {"order_id": order_id, "location_id": location_id, **facts, **columns})
        return dict(cursor.fetchall())


def _sums(changes: Sequence[StockChange]) -> dict[UUID, Decimal]:
    sums: dict[UUID, Decimal] = {}
    for change in changes:
        sums[change.variant_id] = sums.get(change.variant_id, Decimal(0)) + change.quantity
    return sums
