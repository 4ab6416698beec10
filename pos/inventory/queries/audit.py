"""Levels beside what they are the sums of: each check is one statement, so it sees one moment of the ledger."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection

from pos.inventory.places import Place

ON_HAND, VALUE = "on_hand", "value_minor"

# A level without movements has to be empty, and movements without a level would be nowhere.
_MOVED: Final = """
SELECT location_id, variant_id, level.on_hand, COALESCE(moved.quantity, 0), level.value_minor,
    COALESCE(moved.value_minor, 0)
FROM (
    SELECT location_id, variant_id, sum(quantity) AS quantity, sum(value_minor) AS value_minor
    FROM pos_stockmovement GROUP BY location_id, variant_id
) AS moved
FULL JOIN pos_stocklevel AS level USING (location_id, variant_id)
WHERE level.on_hand IS DISTINCT FROM COALESCE(moved.quantity, 0)
    OR level.value_minor IS DISTINCT FROM COALESCE(moved.value_minor, 0)
ORDER BY location_id, variant_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure of a level that is not the sum it stands for. `level` is None where there is no level at all."""

    place: Place
    figure: str
    level: Decimal | None
    total: Decimal


def differences() -> list[Difference]:
    """Every figure of every level that is not what its rows add up to, in the order of places."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_MOVED)
        for location_id, variant_id, on_hand, quantity, value, worth in cursor.fetchall():
            place = Place(location_id, variant_id)
            for figure, level, total in ((ON_HAND, on_hand, quantity), (VALUE, value, worth)):
                if level != total:
                    found.append(Difference(place=place, figure=figure, level=level, total=total))
    return found
