"""The one writer of stock: movements are appended, and their sums added to the levels in the same statement.

Whatever is recorded late of before a count was on the shelf when it was counted, so the count's figure stands:
the late movement is followed by one of kind `count` that takes it back as of the count (docs/concepts/stock.md).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from pos.inventory.cost_state import EXACT
from pos.inventory.models import StockMovement
from pos.inventory.services.lot_levels import move_lots
from pos.inventory.services.stock_books import book_stock
from pos.inventory.stock_accounts import KEY_OF_KIND, booked_minor

# One statement: levels first, locked in the order of the variants' keys (within one location), so two sales of the
# same goods wait and never cross; then the movements, worth what the levels say a unit costs unless somebody
# stated it. What the catalogue no longer has is on no shelf: it is left out, and so missing from the answer.
_MOVE: Final = """
WITH level AS (
    INSERT INTO pos_stocklevel AS level
        (id, variant_id, location_id, on_hand, value_minor, moved_at, settle_from)
    SELECT change.id, change.variant_id, %(location_id)s, change.quantity, change.value_minor,
        CASE WHEN %(is_moving)s THEN change.last END, change.first
    FROM unnest(%(level_ids)s::uuid[], %(changed)s::uuid[], %(sums)s::numeric[], %(worths)s::numeric[],
        %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
        AS change (id, variant_id, quantity, value_minor, first, last)
    JOIN pos_variant AS known ON known.id = change.variant_id
    ORDER BY change.variant_id
    ON CONFLICT (variant_id, location_id) DO UPDATE SET
        on_hand = level.on_hand + EXCLUDED.on_hand,
        value_minor = level.value_minor + CASE WHEN %(is_valued)s THEN EXCLUDED.value_minor
            ELSE EXCLUDED.on_hand * COALESCE(level.unit_cost_minor, 0) END,
        moved_at = GREATEST(level.moved_at, EXCLUDED.moved_at),
        settle_from = LEAST(level.settle_from, EXCLUDED.settle_from)
    RETURNING variant_id, on_hand, reserved, unit_cost_minor, counted_at, value_minor
), moved AS (
    INSERT INTO pos_stockmovement (id, variant_id, location_id, kind, quantity, value_minor, is_valued, lot_id,
        is_lot_inferred, order_id, order_line_id, document_id, document_line_id, original_id, original_quantity,
        reversed_before, reason, employee_id, at, business_date, recorded_at)
    SELECT new.id, new.variant_id, %(location_id)s, %(kind)s, new.quantity,
        CASE WHEN %(is_valued)s THEN new.value_minor
            ELSE new.quantity * COALESCE(level.unit_cost_minor, 0) END,
        %(is_valued)s, new.lot_id, new.is_lot_inferred, %(order_id)s, new.order_line_id, %(document_id)s,
        new.document_line_id,
        new.original_id, new.original_quantity, new.reversed_before, %(reason)s, %(employee_id)s, new.at,
        new.business_date, %(recorded_at)s
    FROM unnest(%(ids)s::uuid[], %(variant_id)s::uuid[], %(quantity)s::numeric[], %(value_minor)s::numeric[],
        %(lot_id)s::uuid[], %(is_lot_inferred)s::boolean[], %(order_line_id)s::uuid[],
        %(document_line_id)s::uuid[], %(original_id)s::uuid[],
        %(original_quantity)s::numeric[], %(reversed_before)s::numeric[], %(times)s::timestamptz[],
        %(days)s::date[])
        AS new (id, variant_id, quantity, value_minor, lot_id, is_lot_inferred, order_line_id, document_line_id,
            original_id, original_quantity, reversed_before, at, business_date)
    JOIN level ON level.variant_id = new.variant_id
)
SELECT variant_id, on_hand, reserved, unit_cost_minor, counted_at, value_minor FROM level
"""
# The first count at or after a movement (for a count: after it) is the one that already had it.
_COUNTED: Final = """
SELECT DISTINCT ON (late.id) late.id, result.counted_at, result.business_date, result.count_id
FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(lots)s::uuid[], %(times)s::timestamptz[])
    AS late (id, variant_id, lot_id, at)
JOIN pos_stockcountresult AS result ON result.variant_id = late.variant_id
    AND result.location_id = %(location_id)s
    AND (result.counted_at > late.at OR (result.counted_at = late.at AND NOT %(is_count)s))
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
    `is_lot_inferred`: nobody said which lot it is, `pos.inventory.services.lots` did. `at` and `business_date` are
    this change's own where it did not happen when its cause did, as the lines of a count; None: the cause's.
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
    at: dt.datetime | None = None
    business_date: dt.date | None = None


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
    """A level after a movement, as the transaction sees it. Its row is locked until COMMIT.

    `booked_minor` is what the books have to say of it: what the level became worth more, in whole minor units.
    """

    on_hand: Decimal
    reserved: Decimal
    unit_cost_minor: Decimal | None
    counted_at: dt.datetime | None
    value_minor: Decimal = Decimal(0)
    booked_minor: int = 0

    @property
    def available(self) -> Decimal:
        """What may still be sold or promised."""
        return self.on_hand - self.reserved


def record_movements(
    *, cause: Cause, changes: Sequence[StockChange], is_booked: bool = True
) -> dict[UUID, LevelNow]:
    """Append `changes`, book what they are worth, and return the levels after them, by variant.

    Two statements however many changes and times they have, one more when a change names its lot; after late ones
    one that finds the counts, and two for each of these counts. With `is_booked=False` the caller books the sum of
    `booked_minor` themselves, with what else they book. Runs in the caller's unit of work. A level may
    fall below zero: the goods did leave. Of a variant that was removed from the catalogue nothing is kept, and it
    is missing from the answer. Changes of quantity zero are left out, but for revaluations. Either all changes are
    valued or none. Raises `ForeignLot` for a lot of another variant, and IntegrityError for what the tables refuse:
    `pos_stockmovement_reversed_once`, `…_reversed_at_most`, `…_once_per_line`, `…_one_opening`.
    """
    kept = [each for each in changes if each.quantity or cause.kind == StockMovement.REVALUATION]
    ids = [new_id() for _ in kept]
    levels = _move(cause, kept, ids)
    if is_booked:
        _book(cause, kept, levels)
    late = [
        (key, each)
        for key, each in zip(ids, kept, strict=True)
        if each.quantity and _is_before_count(cause, each, levels.get(each.variant_id))
    ]
    for counted, back in _compensations(cause, late):
        after = _move(counted, back, [new_id() for _ in back])
        _book(counted, back, after)
        levels |= {key: replace(level, booked_minor=levels[key].booked_minor) for key, level in after.items()}
        kept += back
    named = ((each.lot_id, each.variant_id, each.quantity) for each in kept if each.lot_id is not None)
    move_lots(location_id=cause.location_id, moved=named)
    return levels


def _move(cause: Cause, changes: Sequence[StockChange], ids: Sequence[UUID]) -> dict[UUID, LevelNow]:
    if not changes:
        return {}
    valued = {change.value_minor is not None for change in changes}
    if len(valued) > 1:
        raise ValueError("either all changes of one cause are valued or none")
    sums, spans = _sums(changes), _spans(cause, changes)
    columns: dict[str, Any] = {name: [getattr(each, name) for each in changes] for name in _COLUMNS}
    columns |= {
        "ids": list(ids),
        "level_ids": [new_id() for _ in sums],
        "changed": list(sums),
        "sums": [quantity for quantity, _ in sums.values()],
        "worths": [value for _, value in sums.values()],
        "firsts": [spans[key][0] for key in sums],
        "lasts": [spans[key][1] for key in sums],
        "times": [each.at or cause.at for each in changes],
        "days": [each.business_date or cause.business_date for each in changes],
    }
    facts: dict[str, Any] = {
        "kind": cause.kind,
        "location_id": cause.location_id,
        "is_moving": cause.kind != StockMovement.REVALUATION,
        "recorded_at": cause.recorded_at,
        "employee_id": cause.employee_id,
        "order_id": cause.order_id,
        "document_id": cause.document_id,
        "reason": cause.reason,
        "is_valued": valued == {True},
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {**facts, **columns})
        levels = {key: LevelNow(*values) for key, *values in cursor.fetchall()}
    with localcontext(EXACT):
        return {
            key: replace(level, booked_minor=_booked(level, *sums[key], is_valued=facts["is_valued"]))
            for key, level in levels.items()
        }


def _booked(level: LevelNow, quantity: Decimal, stated: Decimal, *, is_valued: bool) -> int:
    """What the books have to say of a level: the same worth as the statement gave it."""
    worth = stated if is_valued else quantity * (level.unit_cost_minor or 0)
    return booked_minor(before=level.value_minor - worth, after=level.value_minor)


def _book(cause: Cause, changes: Sequence[StockChange], levels: Mapping[UUID, LevelNow]) -> None:
    """Book what a cause was worth; a bill that names a delivery stands where the delivery does."""
    named = cause.kind == StockMovement.REVALUATION and any(change.original_id for change in changes)
    key = KEY_OF_KIND[StockMovement.PURCHASE if named else cause.kind]
    book_stock(
        amounts={key: sum(level.booked_minor for level in levels.values())},
        at=cause.at,
        business_date=cause.business_date,
        order_id=cause.order_id,
    )


def _sums(changes: Sequence[StockChange]) -> Mapping[UUID, tuple[Decimal, Decimal]]:
    """Quantity and stated value per variant: one row is touched once, however many lines sell it."""
    sums: dict[UUID, tuple[Decimal, Decimal]] = {}
    for change in changes:
        quantity, value = sums.get(change.variant_id, (Decimal(0), Decimal(0)))
        sums[change.variant_id] = quantity + change.quantity, value + (change.value_minor or 0)
    return sums


def _spans(cause: Cause, changes: Sequence[StockChange]) -> Mapping[UUID, tuple[dt.datetime, dt.datetime]]:
    """When each variant moved first and last: its costs are settled from the one, the other is its latest move."""
    spans: dict[UUID, tuple[dt.datetime, dt.datetime]] = {}
    for change in changes:
        at = change.at or cause.at
        first, last = spans.get(change.variant_id, (at, at))
        spans[change.variant_id] = min(first, at), max(last, at)
    return spans


def _is_before_count(cause: Cause, change: StockChange, level: LevelNow | None) -> bool:
    if level is None or level.counted_at is None:
        return False
    at = change.at or cause.at
    return at < level.counted_at if cause.kind == StockMovement.COUNT else at <= level.counted_at


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
        "times": [change.at or cause.at for _, change in late],
        "location_id": cause.location_id,
        "is_count": cause.kind == StockMovement.COUNT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, asked)
        counts = {key: tuple(found) for key, *found in cursor.fetchall()}
    by_count: dict[UUID, list[StockChange]] = {}
    for key, change in late:
        if key in counts:
            counted_at, business_date, count_id = counts[key]
            back = StockChange(
                variant_id=change.variant_id,
                quantity=-change.quantity,
                lot_id=change.lot_id,
                original_id=key,
                at=counted_at,
                business_date=business_date,
            )
            by_count.setdefault(count_id, []).append(back)
    return [
        (
            replace(
                cause, kind=StockMovement.COUNT, order_id=None, document_id=count_id, reason=_AFTER_COUNT
            ),
            back,
        )
        for count_id, back in by_count.items()
    ]
