"""What the books say was on a shelf at a time, and what moved while it was counted."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.inventory.counting import Entry, Moved
from pos.inventory.models import StockLotLevel, StockMovement
from pos.inventory.queries.counts import live_entries

# The sum of all movements until then is the level without those after: a shelf of ten years is asked about today.
_AT: Final = """
SELECT CASE WHEN asked.lot_id IS NULL THEN COALESCE(level.on_hand, 0) ELSE COALESCE(lot.on_hand, 0) END
        - COALESCE((SELECT SUM(moved.quantity) FROM pos_stockmovement AS moved
            WHERE moved.variant_id = asked.variant_id AND moved.location_id = %(location)s
                AND moved.at > asked.at AND (asked.lot_id IS NULL OR moved.lot_id = asked.lot_id)), 0),
    level.unit_cost_minor
FROM unnest(%(variants)s::uuid[], %(lots)s::uuid[], %(times)s::timestamptz[]) WITH ORDINALITY
    AS asked (variant_id, lot_id, at, number)
LEFT JOIN pos_stocklevel AS level ON level.variant_id = asked.variant_id AND level.location_id = %(location)s
LEFT JOIN pos_stocklotlevel AS lot ON lot.lot_id = asked.lot_id AND lot.location_id = %(location)s
ORDER BY asked.number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A variant (or one of its lots) at a time."""

    variant_id: UUID
    lot_id: UUID | None
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBooks:
    """What the movements until then add up to, and what one is worth now (None: nobody knows)."""

    quantity: Decimal
    unit_cost_minor: Decimal | None


def on_books(*, location_id: UUID, shelves: Sequence[Shelf]) -> list[OnBooks]:
    """What the books say of each of `shelves`, in their order; one statement.

    Exact while the caller holds the levels; else of the moment of the statement.
    """
    asked: dict[str, Any] = {
        "location": location_id,
        "variants": [shelf.variant_id for shelf in shelves],
        "lots": [shelf.lot_id for shelf in shelves],
        "times": [shelf.at for shelf in shelves],
    }
    with connection.cursor() as cursor:
        cursor.execute(_AT, asked)
        return [OnBooks(quantity=row[0], unit_cost_minor=row[1]) for row in cursor.fetchall()]


def entries_to_count(count_id: UUID) -> list[Entry]:
    """The entries that count."""
    rows = live_entries(count_id).order_by("id")
    return [
        Entry(*row)
        for row in rows.values_list("line__variant_id", "line__lot_id", "zone", "quantity", "counted_at")
    ]


def moved_between(
    *, location_id: UUID, variant_ids: Collection[UUID], after: dt.datetime, until: dt.datetime
) -> list[Moved]:
    """What moved of these variants in (after, until]."""
    rows = StockMovement.objects.filter(
        variant_id__in=variant_ids, location_id=location_id, at__gt=after, at__lte=until
    ).exclude(quantity=0)
    columns = ("variant_id", "lot_id", "kind", "quantity", "at")
    return [Moved(*row) for row in rows.order_by("at", "id").values_list(*columns)]


def lots_there(*, location_id: UUID, variant_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Lots of these variants that the location ever had, as (variant, lot)."""
    rows = StockLotLevel.objects.filter(variant_id__in=variant_ids, location_id=location_id).order_by(
        "lot_id"
    )
    return list(rows.values_list("variant_id", "lot_id"))
