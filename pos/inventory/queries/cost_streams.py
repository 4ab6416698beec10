"""What settling reads: movements of whole streams with everything they are worth, in the order they happened.

Each function takes one statement, however many streams it reads. "Worth" counts a movement's own value and all
revaluations that name it; `extra` is the part of them that somebody stated (freight, a corrected invoice).
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.inventory.cost_state import CostState, loaded
from pos.inventory.places import Place

_WORTH: Final = """
LEFT JOIN LATERAL (
    SELECT sum(value_minor) AS all_of_it, sum(value_minor) FILTER (WHERE is_valued) AS stated
    FROM pos_stockmovement WHERE original_id = moved.id AND kind = 'revaluation'
) AS later ON true
"""
_ROW: Final = """moved.location_id, moved.variant_id, moved.id, moved.kind, moved.quantity, moved.value_minor,
    moved.is_valued, moved.at, moved.document_id, moved.original_id,
    moved.value_minor + COALESCE(later.all_of_it, 0), COALESCE(later.stated, 0)"""
# A later bill that names a delivery belongs to the delivery, whenever the bill itself is dated.
_STARTS: Final = """
SELECT asked.location_id, asked.variant_id, since.at, saved.sequence, saved.at, saved.movement_id, saved.state::text
FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[], %(since)s::timestamptz[])
    AS asked (location_id, variant_id, at)
CROSS JOIN LATERAL (
    SELECT LEAST(asked.at, min(named.at)) AS at
    FROM pos_stockmovement AS bill JOIN pos_stockmovement AS named ON named.id = bill.original_id
    WHERE bill.variant_id = asked.variant_id AND bill.location_id = asked.location_id AND bill.at >= asked.at
        AND bill.kind = 'revaluation' AND bill.is_valued
) AS since
LEFT JOIN LATERAL (
    SELECT * FROM pos_stockcoststate AS state
    WHERE state.variant_id = asked.variant_id AND state.location_id = asked.location_id
        AND state.method = %(method)s AND state.at < since.at
    ORDER BY state.sequence DESC LIMIT 1
) AS saved ON true
"""
_AFTER: Final = """
unnest(%(locations)s::uuid[], %(variants)s::uuid[], %(after)s::timestamptz[], %(after_ids)s::uuid[])
    AS stream (location_id, variant_id, at, movement_id)
JOIN pos_stockmovement AS moved ON moved.variant_id = stream.variant_id
    AND moved.location_id = stream.location_id AND moved.at >= stream.at
    AND (moved.at, moved.id) > (stream.at, stream.movement_id)
"""
_MOVED: Final = f"""
SELECT {_ROW} FROM {_AFTER} {_WORTH}
WHERE NOT (moved.kind = 'revaluation' AND moved.original_id IS NOT NULL)
ORDER BY moved.location_id, moved.variant_id, moved.at, moved.id
"""  # noqa: S608  constants of this module
_BY_ID: Final = f"""
SELECT {_ROW} FROM pos_stockmovement AS moved {_WORTH} WHERE moved.id = ANY(%(ids)s::uuid[])
"""  # noqa: S608
_PRODUCED: Final = f"""
SELECT {_ROW} FROM pos_stockmovement AS moved {_WORTH}
WHERE moved.document_id = ANY(%(documents)s::uuid[]) AND moved.kind = 'production'
    AND moved.original_id IS NULL
ORDER BY moved.id
"""  # noqa: S608
_FOLLOWING: Final = f"""
WITH source AS (
    SELECT moved.id FROM {_AFTER} WHERE moved.quantity < 0
    UNION
    SELECT unnest(%(ids)s::uuid[])
)
SELECT {_ROW} FROM source JOIN pos_stockmovement AS moved ON moved.original_id = source.id {_WORTH}
WHERE moved.quantity > 0 AND NOT moved.is_valued AND moved.kind <> 'count'
"""  # noqa: S608
BEGINNING: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement, everything it is worth, and the part of that which was stated on top of it."""

    place: Place
    id: UUID
    kind: str
    quantity: Decimal
    value: Decimal
    is_valued: bool
    at: dt.datetime
    document_id: UUID | None
    original_id: UUID | None
    worth: Decimal
    extra: Decimal


@dataclass(frozen=True, slots=True)
class Start:
    """From where a stream is replayed, and the checkpoint before that: how many movements it stands for."""

    place: Place
    since: dt.datetime
    sequence: int
    at: dt.datetime
    movement_id: UUID
    state: CostState


def starts(*, since: Mapping[Place, dt.datetime], method: str) -> dict[Place, Start]:
    """The newest checkpoint of each stream before the time from which it is to be replayed."""
    asked = _streams(since) | {"since": list(since.values()), "method": method}
    found = {}
    for location_id, variant_id, begin, sequence, at, movement_id, state in _rows(_STARTS, asked):
        place = Place(location_id, variant_id)
        known = CostState() if state is None else loaded(json.loads(state))
        found[place] = Start(place, begin, sequence or 0, at or BEGINNING, movement_id or _NOBODY, known)
    return found


def movements_after(*, started: Iterable[Start]) -> dict[Place, list[Moved]]:
    """What moved in each stream after its checkpoint, in the order it happened; without corrections."""
    chosen = list(started)
    found: dict[Place, list[Moved]] = {start.place: [] for start in chosen}
    for moved in _moved(_MOVED, _after(chosen)):
        found[moved.place].append(moved)
    return found


def movements_by_id(*, ids: Collection[UUID]) -> dict[UUID, Moved]:
    """Single movements."""
    return {moved.id: moved for moved in _moved(_BY_ID, {"ids": list(ids)})} if ids else {}


def productions(*, documents: Collection[UUID]) -> dict[UUID, list[Moved]]:
    """What went into and came out of productions, by document."""
    found: dict[UUID, list[Moved]] = {}
    for moved in _moved(_PRODUCED, {"documents": list(documents)}) if documents else ():
        found.setdefault(moved.document_id or _NOBODY, []).append(moved)
    return found


def followers(*, started: Iterable[Start], ids: Collection[UUID]) -> list[Moved]:
    """What came back or arrived of what went out in these streams after their checkpoints, or of `ids`."""
    return list(_moved(_FOLLOWING, _after(list(started)) | {"ids": list(ids)}))


def _streams(places: Iterable[Place]) -> dict[str, Any]:
    chosen = list(places)
    return {
        "locations": [place.location_id for place in chosen],
        "variants": [place.variant_id for place in chosen],
    }


def _after(started: Sequence[Start]) -> dict[str, Any]:
    return _streams(start.place for start in started) | {
        "after": [start.at for start in started],
        "after_ids": [start.movement_id for start in started],
    }


def _moved(statement: str, values: Mapping[str, Any]) -> Iterable[Moved]:
    for location_id, variant_id, *rest in _rows(statement, values):
        yield Moved(Place(location_id, variant_id), *rest)


def _rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
