"""Levels beside what they are the sums of: each check is one statement, so it sees one moment of the ledger."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection

from pos.inventory.places import Place

ON_HAND, VALUE, RESERVED, IN_TRANSIT = FIGURES = ("on_hand", "value_minor", "reserved", "in_transit")

SUMS: Final = """
moved AS (
    SELECT location_id, variant_id, sum(quantity) AS on_hand, sum(value_minor) AS value_minor
    FROM pos_stockmovement GROUP BY location_id, variant_id
), promised AS (
    SELECT reservation.location_id, line.variant_id, sum(line.held) AS reserved
    FROM pos_reservation AS reservation
    JOIN pos_reservationline AS line ON line.reservation_id = reservation.id
    WHERE reservation.state = 'active' GROUP BY reservation.location_id, line.variant_id
), travelling AS (
    SELECT transfer.to_location_id AS location_id, line.variant_id,
        sum(GREATEST(line.quantity - line.received - line.wasted - line.returned, 0)) AS in_transit
    FROM pos_stocktransfer AS transfer JOIN pos_stocktransferline AS line ON line.transfer_id = transfer.id
    WHERE transfer.state IN ('sent', 'partly_received') GROUP BY transfer.to_location_id, line.variant_id
), total AS (
    SELECT location_id, variant_id, COALESCE(moved.on_hand, 0) AS on_hand,
        COALESCE(moved.value_minor, 0) AS value_minor, COALESCE(promised.reserved, 0) AS reserved,
        COALESCE(travelling.in_transit, 0) AS in_transit
    FROM moved FULL JOIN promised USING (location_id, variant_id)
    FULL JOIN travelling USING (location_id, variant_id)
)
"""
"""What every level stands for, as `total`: its movements, what is promised of it, what is on its way to it."""

# A level of nothing has to be empty, and rows without a level would be nowhere.
_DIFFERENT: Final = f"""
WITH {SUMS}
SELECT location_id, variant_id, level.on_hand, level.value_minor, level.reserved, level.in_transit,
    COALESCE(total.on_hand, 0), COALESCE(total.value_minor, 0), COALESCE(total.reserved, 0),
    COALESCE(total.in_transit, 0)
FROM total FULL JOIN pos_stocklevel AS level USING (location_id, variant_id)
WHERE (level.on_hand, level.value_minor, level.reserved, level.in_transit) IS DISTINCT FROM
    (COALESCE(total.on_hand, 0), COALESCE(total.value_minor, 0), COALESCE(total.reserved, 0),
        COALESCE(total.in_transit, 0))
ORDER BY location_id, variant_id
"""  # noqa: S608  a constant of this module


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
        cursor.execute(_DIFFERENT)
        for location_id, variant_id, *figures in cursor.fetchall():
            place = Place(location_id, variant_id)
            levels, totals = figures[: len(FIGURES)], figures[len(FIGURES) :]
            for figure, level, total in zip(FIGURES, levels, totals, strict=True):
                if level != total and (level is not None or total):
                    found.append(Difference(place=place, figure=figure, level=level, total=total))
    return found
