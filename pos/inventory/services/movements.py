"""The one writer of stock: movements are appended, and their sums added to the levels in the same statement.

Whatever is recorded late of before a count was on the shelf when it was counted, so the count's figure stands:
the late movement is followed by one of kind `count` that takes it back as of the count (docs/concepts/stock.md).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from pos.inventory.errors import ForeignLot
from pos.inventory.models import StockMovement

# One statement: levels first, locked in the order of the variants' keys (within one location), so two sales of the
# same goods wait and never cross; then the movements, worth what the levels say a unit costs unless somebody
# stated it. What the catalogue no longer has is on no shelf: it is left out, and so missing from the answer.
_MOVE: Final = """
WITH level AS (
    INSERT INTO pos_stocklevel AS level
        (id, variant_id, location_id, on_hand, value_minor, moved_at, settle_from)
    SELECT change.id, change.variant_id, %(location_id)s, change.quantity, change.value_minor, %(moved_at)s,
        %(at)s
    FROM unnest(%(level_ids)s::uuid[], %(changed)s::uuid[], %(sums)s::numeric[], %(worths)s::numeric[])
        AS change (id, variant_id, quantity, value_minor)
    JOIN pos_variant AS known ON known.id = change.variant_id
    ORDER BY change.variant_id
    ON CONFLICT (variant_id, location_id) DO UPDATE SET
        on_hand = level.on_hand + EXCLUDED.on_hand,
        value_minor = level.value_minor + CASE WHEN %(is_valued)s THEN EXCLUDED.value_minor
            ELSE EXCLUDED.on_hand * COALESCE(level.unit_cost_minor, 0) END,
        moved_at = GREATEST(level.moved_at, EXCLUDED.moved_at),
        settle_from = LEAST(level.settle_from, EXCLUDED.settle_from)
    RETURNING variant_id, on_hand, reserved, unit_cost_minor, counted_at
), moved AS (
    INSERT INTO pos_stockmovement (id, variant_id, location_id, kind, quantity, value_minor, is_valued, lot_id,
        is_lot_inferred, order_id, order_line_id, document_id, document_line_id, original_id, original_quantity,
        reversed_before, reason, employee_id, at, business_date, recorded_at)
    SELECT new.id, new.variant_id, %(location_id)s, %(kind)s, new.quantity,
        CASE WHEN %(is_valued)s THEN new.value_minor
            ELSE new.quantity * COALESCE(level.unit_cost_minor, 0) END,
        %(is_valued)s, new.lot_id, new.is_lot_inferred, %(order_id)s, new.order_line_id, %(document_id)s,
        new.document_line_id,
        new.original_id, new.original_quantity, new.reversed_before, %(reason)s, %(employee_id)s, %(at)s,
        %(business_date)s, %(recorded_at)s
    FROM unnest(%(ids)s::uuid[], %(variant_id)s::uuid[], %(quantity)s::numeric[], %(value_minor)s::numeric[],
        %(lot_id)s::uuid[], %(is_lot_inferred)s::boolean[], %(order_line_id)s::uuid[],
        %(document_line_id)s::uuid[], %(original_id)s::uuid[],
        %(original_quantity)s::numeric[], %(reversed_before)s::numeric[])
        AS new (id, variant_id, quantity, value_minor, lot_id, is_lot_inferred, order_line_id, document_line_id,
            original_id, original_quantity, reversed_before)
    JOIN level ON level.variant_id = new.variant_id
)
SELECT variant_id, on_hand, reserved, unit_cost_minor, counted_at FROM level
"""
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
# The first count at or after a movement (for a count: after it) is the one that already had it.
_COUNTED: Final = """
SELECT DISTINCT ON (late.id) late.id, result.counted_at, result.business_date, result.count_id
FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(lots)s::uuid[]) AS late (id, variant_id, lot_id)
JOIN pos_stockcountresult AS result ON result.variant_id = late.variant_id
    AND result.location_id = %(location_id)s
    AND (result.counted_at > %(at)s OR (result.counted_at = %(at)s AND NOT %(is_count)s))
    AND (result.lot_id IS NULL OR result.lot_id IS NOT DISTINCT FROM late.lot_id)
ORDER BY late.id, result.counted_at, result.id
"""
_AFTER_COUNT: Final = "recorded after the count"
_COLUMNS: Final = (
    "variant_id",
    "quantity",
    "value_minor",
    "lot_id",
    "is_lot_inferred",
    "order_line_id",
    "document_line_id",
    "original_id",
    "original_quantity",
    "reversed_before",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChange:
    """A quantity of a variant that comes (positive) or goes (negative), in the variant's unit.

    `value_minor` is what that is worth if somebody says so, signed like the quantity; None: costing derives it.
    `is_lot_inferred`: nobody said which lot it is, `pos.inventory.services.lots` did.
    """

    variant_id: UUID
    quantity: Decimal
    order_line_id: UUID | None = None
    value_minor: Decimal | None = None
    lot_id: UUID | None = None
    is_lot_inferred: bool = False
    document_line_id: UUID | None = None
    original_id: UUID | None = None
    original_quantity: Decimal | None = None
    reversed_before: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why, where and when stock moves. `at` is when it happened, `recorded_at` when the server heard of it."""

    kind: str
    location_id: UUID
    at: dt.datetime
    business_date: dt.date
    recorded_at: dt.datetime
    employee_id: UUID | None = None
    order_id: UUID | None = None
    document_id: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LevelNow:
    """A level after a movement, as the transaction sees it. Its row is locked until COMMIT."""

    on_hand: Decimal
    reserved: Decimal
    unit_cost_minor: Decimal | None
    counted_at: dt.datetime | None

    @property
    def available(self) -> Decimal:
        """What may still be sold or promised."""
        return self.on_hand - self.reserved


def record_movements(*, cause: Cause, changes: Sequence[StockChange]) -> dict[UUID, LevelNow]:
    """Append `changes` and return the levels after them, by variant.

    One statement, one more when a change names its lot, two more after a late one. Runs in the caller's unit of
    work. A level may fall below zero: the goods did leave. Of a variant that was removed from the catalogue
    nothing is kept, and it is missing from the answer. Changes of quantity zero are left out, but for
    revaluations. Either all changes are valued or none. Raises `ForeignLot` for a lot of another variant, and
    IntegrityError for what the tables refuse: `pos_stockmovement_reversed_once`, `…_reversed_at_most`,
    `…_once_per_line`, `…_one_opening`.
    """
    kept = [each for each in changes if each.quantity or cause.kind == StockMovement.REVALUATION]
    ids = [new_id() for _ in kept]
    levels = _move(cause, kept, ids)
    late = [
        (key, each)
        for key, each in zip(ids, kept, strict=True)
        if each.quantity and _is_before_count(cause, levels.get(each.variant_id))
    ]
    for counted, back in _compensations(cause, late):
        levels |= _move(counted, back, [new_id() for _ in back])
        kept += back
    _move_lots(cause.location_id, kept)
    return levels


def _move(cause: Cause, changes: Sequence[StockChange], ids: Sequence[UUID]) -> dict[UUID, LevelNow]:
    if not changes:
        return {}
    valued = {change.value_minor is not None for change in changes}
    if len(valued) > 1:
        raise ValueError("either all changes of one cause are valued or none")
    sums = _sums(changes)
    columns: dict[str, Any] = {name: [getattr(each, name) for each in changes] for name in _COLUMNS}
    columns |= {
        "ids": list(ids),
        "level_ids": [new_id() for _ in sums],
        "changed": list(sums),
        "sums": [quantity for quantity, _ in sums.values()],
        "worths": [value for _, value in sums.values()],
    }
    facts: dict[str, Any] = {
        "kind": cause.kind,
        "location_id": cause.location_id,
        "at": cause.at,
        "moved_at": None if cause.kind == StockMovement.REVALUATION else cause.at,
        "business_date": cause.business_date,
        "recorded_at": cause.recorded_at,
        "employee_id": cause.employee_id,
        "order_id": cause.order_id,
        "document_id": cause.document_id,
        "reason": cause.reason,
        "is_valued": valued == {True},
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {**facts, **columns})
        return {key: LevelNow(*values) for key, *values in cursor.fetchall()}


def _move_lots(location_id: UUID, changes: Sequence[StockChange]) -> None:
    """Add what moved of each lot to its level; nothing at all where no change names one."""
    sums: dict[tuple[UUID, UUID], Decimal] = {}
    for change in changes:
        if change.lot_id is not None:
            key = change.lot_id, change.variant_id
            sums[key] = sums.get(key, Decimal(0)) + change.quantity
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


def _sums(changes: Sequence[StockChange]) -> Mapping[UUID, tuple[Decimal, Decimal]]:
    """Quantity and stated value per variant: one row is touched once, however many lines sell it."""
    sums: dict[UUID, tuple[Decimal, Decimal]] = {}
    for change in changes:
        quantity, value = sums.get(change.variant_id, (Decimal(0), Decimal(0)))
        sums[change.variant_id] = quantity + change.quantity, value + (change.value_minor or 0)
    return sums


def _is_before_count(cause: Cause, level: LevelNow | None) -> bool:
    if level is None or level.counted_at is None:
        return False
    if cause.kind == StockMovement.COUNT:
        return cause.at < level.counted_at
    return cause.at <= level.counted_at


def _compensations(
    cause: Cause, late: Sequence[tuple[UUID, StockChange]]
) -> list[tuple[Cause, list[StockChange]]]:
    """What takes late movements back as of the first count that already had them, by count."""
    if not late:
        return []
    asked: dict[str, Any] = {
        "ids": [key for key, _ in late],
        "variants": [change.variant_id for _, change in late],
        "lots": [change.lot_id for _, change in late],
        "location_id": cause.location_id,
        "at": cause.at,
        "is_count": cause.kind == StockMovement.COUNT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, asked)
        counts = {key: tuple(found) for key, *found in cursor.fetchall()}
    by_count: dict[tuple[Any, ...], list[StockChange]] = {}
    for key, change in late:
        if key in counts:
            back = StockChange(
                variant_id=change.variant_id,
                quantity=-change.quantity,
                lot_id=change.lot_id,
                original_id=key,
            )
            by_count.setdefault(counts[key], []).append(back)
    return [
        (
            Cause(
                kind=StockMovement.COUNT,
                location_id=cause.location_id,
                at=counted_at,
                business_date=business_date,
                recorded_at=cause.recorded_at,
                employee_id=cause.employee_id,
                document_id=count_id,
                reason=_AFTER_COUNT,
            ),
            back,
        )
        for (counted_at, business_date, count_id), back in sorted(by_count.items())
    ]
