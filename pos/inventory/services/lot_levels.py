"""What is there of each lot: kept beside the levels, in the transaction of the movements that name the lot."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from pos.inventory.errors import ForeignLot

# After the levels, whose locks keep everybody else from the lots of the same goods at the same place.
_MOVE_LOTS: Final = """
INSERT INTO pos_stocklotlevel AS level (id, lot_id, variant_id, location_id, on_hand)
SELECT change.id, lot.id, lot.variant_id, %(location_id)s, change.quantity
FROM unnest(%(ids)s::uuid[], %(lots)s::uuid[], %(variants)s::uuid[], %(sums)s::numeric[])
    AS change (id, lot_id, variant_id, quantity)
JOIN pos_stocklot AS lot ON lot.id = change.lot_id AND lot.variant_id = change.variant_id
ORDER BY lot.id
ON CONFLICT (lot_id, location_id) DO UPDATE SET on_hand = level.on_hand + EXCLUDED.on_hand
"""


def move_lots(*, location_id: UUID, moved: Iterable[tuple[UUID, UUID, Decimal]]) -> None:
    """Add what moved of each lot, given as (lot, variant, quantity), to its level; nothing at all without any.

    One statement. Runs in the caller's unit of work, the levels held. Raises `ForeignLot` for a lot of another
    variant.
    """
    sums: dict[tuple[UUID, UUID], Decimal] = {}
    for lot_id, variant_id, quantity in moved:
        sums[lot_id, variant_id] = sums.get((lot_id, variant_id), Decimal(0)) + quantity
    if not sums:
        return
    columns: dict[str, Any] = {
        "location_id": location_id,
        "ids": [new_id() for _ in sums],
        "lots": [lot_id for lot_id, _ in sums],
        "variants": [variant_id for _, variant_id in sums],
        "sums": list(sums.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_LOTS, columns)
        if cursor.rowcount != len(sums):
            raise ForeignLot
