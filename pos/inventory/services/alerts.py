"""Alerts are raised once when something is the matter, and cleared once when it no longer is.

What is the matter is decided under the levels' locks, for all places at once; an alert is a row that is open or
not, and the table has at most one open of each kind and place. So it does not matter who looks first, how often,
or how many at a time (docs/concepts/lots.md, Alerts).
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.events import StockAlertCleared, StockAlertRaised
from pos.inventory.places import Place
from pos.inventory.queries.alerts import Matter, alert_document, matters_of, places_that_matter

BATCH: Final = 200
"""Places looked at in one transaction of the sweep: their sales wait for some tens of milliseconds."""

_RAISE: Final = """
INSERT INTO pos_stockalert (id, variant_id, location_id, kind, lot_id, raised_at, data)
SELECT new.id, new.variant_id, new.location_id, new.kind, new.lot_id, %(at)s, new.data
FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(locations)s::uuid[], %(kinds)s::text[], %(lots)s::uuid[],
    %(data)s::jsonb[]) AS new (id, variant_id, location_id, kind, lot_id, data)
ON CONFLICT DO NOTHING
RETURNING id
"""
_CLEAR: Final = """
UPDATE pos_stockalert SET cleared_at = %(at)s WHERE id = ANY(%(ids)s::uuid[]) AND cleared_at IS NULL
RETURNING id
"""


def watch(*, levels: Iterable[tuple[UUID, UUID]], at: dt.datetime) -> int:
    """Raise and clear the alerts of `levels`, pairs of (location, variant), as of `at`; how many of both.

    Runs in the caller's unit of work, after whatever changed the levels: one statement, one more where something
    is to be raised, one where something is to be cleared. Each alert is told to the feed.
    """
    matters = matters_of(places={Place(*level) for level in levels}, at=at)
    raised = _raise([matter for matter in matters if matter.alert_id is None], at)
    return raised + _clear([matter for matter in matters if matter.alert_id is not None], at)


def watch_all(*, at: dt.datetime, batch: int = BATCH) -> Iterator[int]:
    """Raise and clear whatever time alone, or a change of the settings, made true; batch by batch.

    Goods expire and die while nothing moves. Each batch is a unit of work of its own, decided anew under its locks.
    """
    places = places_that_matter(at=at)
    for first in range(0, len(places), batch):
        with unit_of_work():
            changed = watch(levels=places[first : first + batch], at=at)
        yield changed


def _raise(matters: Sequence[Matter], at: dt.datetime) -> int:
    if not matters:
        return 0
    new = {new_id(): matter for matter in matters}
    columns = {
        "ids": list(new),
        "variants": [matter.place.variant_id for matter in matters],
        "locations": [matter.place.location_id for matter in matters],
        "kinds": [matter.kind for matter in matters],
        "lots": [matter.lot_id for matter in matters],
        "data": [json.dumps(matter.data) for matter in matters],
    }
    raised = _keys(_RAISE, columns | {"at": at})
    for key, matter in new.items():
        if key in raised:
            state = alert_document(alert_id=key, matter=matter, raised_at=at, cleared_at=None)
            append(StockAlertRaised(entity_id=key, at=at, state=state))
    return len(raised)


def _clear(matters: Sequence[Matter], at: dt.datetime) -> int:
    known = {matter.alert_id: matter for matter in matters if matter.alert_id is not None}
    if not known:
        return 0
    cleared = _keys(_CLEAR, {"ids": list(known), "at": at})
    for key, matter in known.items():
        if key in cleared:
            raised_at = matter.raised_at or at
            state = alert_document(alert_id=key, matter=matter, raised_at=raised_at, cleared_at=at)
            append(StockAlertCleared(entity_id=key, at=at, state=state))
    return len(cleared)


def _keys(statement: str, values: dict[str, Any]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {key for (key,) in cursor.fetchall()}
