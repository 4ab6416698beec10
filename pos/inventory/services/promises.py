"""What is promised of the levels at a location: more, or less, in the order in which levels are locked."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from pos.inventory.services.movements import LevelNow

# One statement, locks in the order of the variants' keys, as a sale takes them. What is taken back was promised
# before, so a level that is not there yet begins at nothing.
_PROMISE: Final = """
WITH change AS MATERIALIZED (
    SELECT id, variant_id, quantity
    FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(quantities)s::numeric[])
        AS given (id, variant_id, quantity)
)
INSERT INTO pos_stocklevel AS level (id, variant_id, location_id, reserved)
SELECT change.id, change.variant_id, %(location_id)s, GREATEST(change.quantity, 0)
FROM change JOIN pos_variant AS known ON known.id = change.variant_id
ORDER BY change.variant_id
ON CONFLICT (variant_id, location_id) DO UPDATE SET reserved = level.reserved
    + (SELECT change.quantity FROM change WHERE change.variant_id = EXCLUDED.variant_id)
RETURNING variant_id, on_hand, reserved, unit_cost_minor, counted_at
"""


def move_promises(*, location_id: UUID, changes: Mapping[UUID, Decimal]) -> dict[UUID, LevelNow]:
    """Promise so much more (negative: less) of each variant, and return the levels then, locked until COMMIT.

    A change of zero only locks: whoever goes on to move these goods holds all of them in order by then.
    """
    if not changes:
        return {}
    asked: dict[str, Any] = {
        "location_id": location_id,
        "ids": [new_id() for _ in changes],
        "variants": list(changes),
        "quantities": list(changes.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PROMISE, asked)
        return {key: LevelNow(*values) for key, *values in cursor.fetchall()}
