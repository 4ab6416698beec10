"""Settling: what movements cost is brought to what a replay in the order of events finds, by movements.

A sale takes its goods at the cost the level shows and goes on; what they really cost is settled here, from the
newest checkpoint before the first movement that is new (docs/algorithms/stock-costing.md). Movements are never
changed: where the replay finds another value, a `revaluation` that names the movement is appended, dated as it.
Whoever is killed in the middle has settled nothing, and whoever runs twice finds nothing left to do.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import DataError, connection

from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from pos.inventory.cost_state import EXACT, ZERO, dumped
from pos.inventory.models import StockCostState, StockHead
from pos.inventory.places import Place
from pos.inventory.queries.cost_streams import BEGINNING
from pos.inventory.services.cost_fixpoint import EVERY, Fixpoint
from pos.inventory.services.levels_told import tell_levels
from pos.inventory.services.stock_books import book_settled
from pos.inventory.stock_accounts import KEY_OF_KIND, booked_by_key

BATCH: Final = 50
"""Levels settled in one transaction of the background task: their sales wait for some tens of milliseconds."""

_LOCK: Final = """
SELECT level.location_id, level.variant_id, level.settle_from,
    EXISTS (SELECT FROM pos_stockcoststate AS state WHERE state.variant_id = level.variant_id
        AND state.location_id = level.location_id AND state.method <> %(method)s)
FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
JOIN pos_stocklevel AS level ON level.variant_id = asked.variant_id AND level.location_id = asked.location_id
ORDER BY level.location_id, level.variant_id
"""
_WAITING: Final = " FOR NO KEY UPDATE OF level"
_IF_FREE: Final = " FOR NO KEY UPDATE OF level SKIP LOCKED"
_SHARED_IF_FREE: Final = " FOR SHARE OF level SKIP LOCKED"
_CORRECT: Final = """
INSERT INTO pos_stockmovement (id, variant_id, location_id, kind, quantity, value_minor, is_valued, lot_id,
    order_id, order_line_id, document_id, document_line_id, original_id, reason, employee_id, at, business_date,
    recorded_at)
SELECT new.id, moved.variant_id, moved.location_id, 'revaluation', 0, new.value_minor, false, moved.lot_id,
    moved.order_id, moved.order_line_id, moved.document_id, moved.document_line_id, moved.id, 'cost settled',
    moved.employee_id, moved.at, moved.business_date, %(at)s
FROM unnest(%(ids)s::uuid[], %(movements)s::uuid[], %(values)s::numeric[]) AS new (id, movement_id, value_minor)
JOIN pos_stockmovement AS moved ON moved.id = new.movement_id
"""
_SETTLED: Final = """
UPDATE pos_stocklevel AS level
SET value_minor = level.value_minor + new.difference, unit_cost_minor = new.unit_cost, settle_from = new.settle_from
FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[], %(differences)s::numeric[], %(unit_costs)s::numeric[],
    %(settle_from)s::timestamptz[]) AS new (location_id, variant_id, difference, unit_cost, settle_from)
WHERE level.variant_id = new.variant_id AND level.location_id = new.location_id
RETURNING level.location_id, level.variant_id, level.value_minor
"""
_FORGET: Final = """
DELETE FROM pos_stockcoststate AS state
USING unnest(%(locations)s::uuid[], %(variants)s::uuid[], %(since)s::timestamptz[], %(tips)s::bigint[])
    AS new (location_id, variant_id, at, tip)
WHERE state.variant_id = new.variant_id AND state.location_id = new.location_id
    AND (state.at >= new.at OR state.method <> %(method)s OR state.sequence = new.tip)
"""
# The next levels to settle, in the order of locks; what somebody else is settling or selling right now is passed
# over and found by the next run.
_DUE: Final = """
SELECT level.location_id, level.variant_id FROM pos_stocklevel AS level
WHERE level.settle_from IS NOT NULL
    AND (level.location_id, level.variant_id) > (%(location)s::uuid, %(variant)s::uuid)
ORDER BY level.location_id, level.variant_id LIMIT %(limit)s
FOR NO KEY UPDATE OF level SKIP LOCKED
"""
_OTHER_METHOD: Final = """
SELECT level.location_id, level.variant_id FROM pos_stocklevel AS level
WHERE EXISTS (SELECT FROM pos_stockcoststate AS state WHERE state.variant_id = level.variant_id
        AND state.location_id = level.location_id AND state.method <> %(method)s)
    AND (level.location_id, level.variant_id) > (%(location)s::uuid, %(variant)s::uuid)
ORDER BY level.location_id, level.variant_id LIMIT %(limit)s
FOR NO KEY UPDATE OF level SKIP LOCKED
"""


log = structlog.get_logger("pos.inventory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was settled: whose costs were looked at, how many corrections that took, what is left for later."""

    places: tuple[Place, ...] = ()
    corrections: int = 0
    pending: tuple[Place, ...] = ()


def settle(*, levels: Iterable[tuple[UUID, UUID]], at: dt.datetime) -> Settled:
    """Settle the costs of `levels`, pairs of (location, variant), and of every stream that took from them.

    The last thing a service does to stock: it runs in the caller's unit of work, locks the levels in their order
    (the caller has most of them), appends corrections recorded `at`, and tells the feed what the levels are now.
    Streams further down are settled where their levels are free; others are left to the task.
    """
    places = sorted({Place(location_id, variant_id) for location_id, variant_id in levels})
    settled = settle_costs(levels=places, at=at)
    tell_levels(levels=sorted({*settled.places, *places}), at=at)
    return settled


def settle_costs(*, levels: Iterable[Place], at: dt.datetime) -> Settled:
    """The same without telling anybody: for a service that looks at costs before it moves something itself."""
    method = cost_method()
    due = _locked(sorted(set(levels)), method, _WAITING)
    found = Fixpoint(
        method=method,
        held=set(due),
        lock=lambda wanted: _locked(wanted, method, _IF_FREE),
        share=lambda wanted: _locked(wanted, method, _SHARED_IF_FREE),
    )
    found.run({place: since for place, since in due.items() if since is not None})
    corrections = _write(found, at)
    pending = tuple(sorted(found.held & set(found.pending)))
    return Settled(places=tuple(sorted(found.replays)), corrections=corrections, pending=pending)


def settle_all(*, at: dt.datetime, batch: int = BATCH) -> Iterator[Settled]:
    """Settle whatever has moved, batch by batch, each in a unit of work of its own.

    Goes once through the levels in the order of locks, so what is left pending holds up nothing behind it.
    """
    yield from _settle_each(_DUE, at, batch)


def settle_anew(*, at: dt.datetime, batch: int = BATCH) -> Iterator[Settled]:
    """Settle what was settled by another method than the merchant's: everything, after a change of it.

    From the start of each stream, and resumable: a level that was done has its checkpoints by the new method.
    """
    if StockCostState.objects.exclude(method=cost_method()).exists():
        yield from _settle_each(_OTHER_METHOD, at, batch)


def _settle_each(statement: str, at: dt.datetime, batch: int) -> Iterator[Settled]:
    """Batch by batch; after one that cannot be settled level by level, so that it holds up nobody else."""
    after, places = Place(UUID(int=0), UUID(int=0)), []
    while True:
        try:
            with unit_of_work():
                places = _due(statement, after, batch)
                if not places:
                    return
                settled = settle(levels=places, at=at)
        except DataError:
            if batch == 1:
                after = places[-1]
                log.exception("stock_level_not_settled", variant_id=str(after.variant_id))
            batch = 1
        else:
            yield settled
            after = places[-1]


def cost_method() -> str:
    """How the merchant costs stock: `average`, unless the settings say `fifo`."""
    found = StockHead.objects.values_list("cost_method", flat=True).first()
    return found or "average"


def _locked(places: Collection[Place], method: str, how: str) -> Mapping[Place, dt.datetime | None]:
    """Since when each level is to be settled (None: it is). From the beginning after a change of method."""
    if not places:
        return {}
    asked = _columns(sorted(places)) | {"method": method}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK + how, asked)
        return {
            Place(location_id, variant_id): BEGINNING if is_other else since
            for location_id, variant_id, since, is_other in cursor.fetchall()
        }


def _due(statement: str, after: Place, limit: int) -> list[Place]:
    asked: dict[str, Any] = {
        "location": after.location_id,
        "variant": after.variant_id,
        "limit": limit,
        "method": cost_method(),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [Place(*row) for row in cursor.fetchall()]


def _columns(places: Iterable[Place]) -> dict[str, Any]:
    chosen = list(places)
    return {
        "locations": [place.location_id for place in chosen],
        "variants": [place.variant_id for place in chosen],
    }


def _write(found: Fixpoint, at: dt.datetime) -> int:
    """Append what corrects the movements, bring the levels there, keep the checkpoints; how many corrections."""
    places = sorted(found.replays)
    if not places:
        return 0
    corrections: list[tuple[UUID, Decimal]] = []
    differences: dict[Place, Decimal] = {}
    changed: dict[Place, list[tuple[str, Decimal]]] = {}
    with localcontext(EXACT):
        for place in places:
            for key, worth in found.replays[place].totals.items():
                difference = worth - found.seen[key].worth
                if difference:
                    corrections.append((key, difference))
                    differences[place] = differences.get(place, ZERO) + difference
                    account = KEY_OF_KIND[found.seen[key].kind]
                    changed.setdefault(place, []).append((account, difference))
    with connection.cursor() as cursor:
        if corrections:
            columns: dict[str, Any] = {
                "ids": [new_id() for _ in corrections],
                "movements": [key for key, _ in corrections],
                "values": [difference for _, difference in corrections],
            }
            cursor.execute(_CORRECT, columns | {"at": at})
        settled: dict[str, Any] = {
            "differences": [differences.get(place, ZERO) for place in places],
            "unit_costs": [found.replays[place].state.next_cost for place in places],
            "settle_from": [found.pending.get(place) for place in places],
        }
        cursor.execute(_SETTLED, _columns(places) | settled)
        after = {Place(*key): value for *key, value in cursor.fetchall()}
    _book(after, differences, changed, at)
    _keep_checkpoints(found, places)
    return len(corrections)


def _book(
    after: Mapping[Place, Decimal],
    differences: Mapping[Place, Decimal],
    changed: Mapping[Place, list[tuple[str, Decimal]]],
    at: dt.datetime,
) -> None:
    """What the corrections mean to the books: cost of goods for what was sold, and so on, level by level."""
    with localcontext(EXACT):
        booked = [
            (place.location_id, booked_by_key(before=after[place] - differences[place], changes=changes))
            for place, changes in sorted(changed.items())
        ]
    book_settled(booked=booked, at=at)


def _keep_checkpoints(found: Fixpoint, places: Collection[Place]) -> None:
    """The newest one of each stream, and every five hundredth; those after what came late are no longer true."""
    rows, tips = [], []
    for place in places:
        start, moved, replay = found.started[place], found.moved[place], found.replays[place]
        last = len(moved) - 1
        tips.append(start.sequence if moved and start.sequence % EVERY else -1)
        states = {each.index: each.state for each in replay.checkpoints} | {last: replay.state}
        rows += [
            StockCostState(
                variant_id=place.variant_id,
                location_id=place.location_id,
                sequence=start.sequence + index + 1,
                method=found.method,
                at=moved[index].at,
                movement_id=moved[index].id,
                state=dumped(state),
            )
            for index, state in sorted(states.items())
            if index >= 0
        ]
    forgotten: dict[str, Any] = {
        "since": [found.started[place].since for place in places],
        "tips": tips,
        "method": found.method,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, _columns(places) | forgotten)
    StockCostState.objects.bulk_create(rows)
