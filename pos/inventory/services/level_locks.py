"""Levels locked before a difference is reckoned from them: nothing moves between the look and the movement."""

from collections.abc import Collection
from decimal import Decimal
from typing import Final

from django.db import connection

from fynlo.core.ids import new_id
from pos.inventory.places import Place

# There must be a row to lock, or two people would both find nothing; rows are made and locked in the order of
# docs/algorithms/locking.md.
_MAKE: Final = """
INSERT INTO pos_stocklevel (id, location_id, variant_id)
SELECT asked.id, asked.location_id, asked.variant_id
FROM unnest(%(ids)s::uuid[], %(locations)s::uuid[], %(variants)s::uuid[]) AS asked (id, location_id, variant_id)
WHERE NOT EXISTS (SELECT FROM pos_stocklevel AS level
    WHERE level.location_id = asked.location_id AND level.variant_id = asked.variant_id)
ORDER BY asked.location_id, asked.variant_id
ON CONFLICT (variant_id, location_id) DO NOTHING
"""
_LOCK: Final = """
SELECT level.location_id, level.variant_id, level.on_hand
FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
JOIN pos_stocklevel AS level ON level.variant_id = asked.variant_id AND level.location_id = asked.location_id
ORDER BY level.location_id, level.variant_id
FOR NO KEY UPDATE OF level
"""


def lock_levels(places: Collection[Place]) -> dict[Place, Decimal]:
    """What is on hand at `places`, locked until COMMIT; two statements. Variants and locations must be there."""
    wanted = sorted(set(places))
    asked = {
        "ids": [new_id() for _ in wanted],
        "locations": [place.location_id for place in wanted],
        "variants": [place.variant_id for place in wanted],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, asked)
        cursor.execute(_LOCK, asked)
        return {
            Place(location_id, variant_id): on_hand for location_id, variant_id, on_hand in cursor.fetchall()
        }
