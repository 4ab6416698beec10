"""Levels: what is on hand now, counted or known; the difference to the books is recorded as movements."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import connection

from fynlo.core.clock import business_date
from pos.catalog.conversion import NoConversion, convert
from pos.catalog.csv_reading import Row, RowProblem
from pos.catalog.exporting.rows import guarded
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.places import Place
from pos.inventory.quantities import plain_quantity, stock_quantity, stock_value
from pos.inventory.queries.adjustments import worth_of
from pos.inventory.queries.goods import LARGEST
from pos.inventory.services.adjustments import record_all, reversal_of
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.lots import LotReceipt, ensure_lots
from pos.inventory.services.movements import Cause, StockChange
from pos.inventory.services.settling import settle
from pos.purchasing.packs import Goods
from pos.registers.models import Location
from pos.stock_files.cells import cost_cell, quantity_cell
from pos.stock_files.kinds.base import (
    CHANGED,
    CREATED,
    UNCHANGED,
    FileContext,
    Planned,
    StockKind,
    find_goods,
    no_variant,
    problem,
)
from pos.stock_files.models import StockFile, StockFileRow
from pos.stock_files.sheets import LEVELS

PIECE: Final = 2_000
BATCH: Final = 200
"""Rows that are written and settled in one transaction. A sale of the same goods waits for one of these at most."""
# What is of no lot is the level less its lots.
_THERE: Final = """
SELECT asked.location_id, asked.variant_id, level.on_hand, COALESCE(lots.on_hand, '{}')
FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
LEFT JOIN pos_stocklevel AS level
    ON level.variant_id = asked.variant_id AND level.location_id = asked.location_id
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(lot.code, there.on_hand::text) AS on_hand
    FROM pos_stocklotlevel AS there JOIN pos_stocklot AS lot ON lot.id = there.lot_id
    WHERE lot.variant_id = asked.variant_id AND there.location_id = asked.location_id
) AS lots ON true
"""
_MOVED: Final = """
SELECT asked.location_id, asked.variant_id
FROM unnest(%(locations)s::uuid[], %(variants)s::uuid[]) AS asked (location_id, variant_id)
WHERE EXISTS (SELECT FROM pos_stockmovement AS moved
    WHERE moved.variant_id = asked.variant_id AND moved.location_id = asked.location_id)
"""
_MINE: Final = """
SELECT moved.* FROM unnest(%(rows)s::uuid[], %(locations)s::uuid[], %(variants)s::uuid[])
    AS asked (id, location_id, variant_id)
JOIN pos_stockmovement AS moved
    ON moved.variant_id = asked.variant_id AND moved.location_id = asked.location_id
    AND moved.document_id = %(file)s AND moved.document_line_id = asked.id
WHERE moved.kind IN ('opening', 'adjustment') AND moved.reversed_before IS NULL
ORDER BY moved.location_id, moved.variant_id, moved.id
"""
_EXPORT: Final = """
SELECT variant.sku, location.code, level.on_hand - COALESCE(lots.on_hand, 0), item.unit, level.unit_cost_minor,
    '', NULL
FROM pos_stocklevel AS level
JOIN pos_variant AS variant ON variant.id = level.variant_id
JOIN pos_item AS item ON item.id = variant.item_id
JOIN pos_location AS location ON location.id = level.location_id
LEFT JOIN LATERAL (
    SELECT sum(there.on_hand) AS on_hand, count(*) AS number FROM pos_stocklotlevel AS there
    WHERE there.variant_id = level.variant_id AND there.location_id = level.location_id
) AS lots ON true
WHERE level.id = ANY(%(ids)s::uuid[]) AND (COALESCE(lots.number, 0) = 0 OR level.on_hand <> lots.on_hand)
UNION ALL
SELECT variant.sku, location.code, there.on_hand, item.unit, level.unit_cost_minor, lot.code, lot.expires_on
FROM pos_stocklotlevel AS there
JOIN pos_stocklot AS lot ON lot.id = there.lot_id
JOIN pos_stocklevel AS level ON level.variant_id = there.variant_id AND level.location_id = there.location_id
JOIN pos_variant AS variant ON variant.id = there.variant_id
JOIN pos_item AS item ON item.id = variant.item_id
JOIN pos_location AS location ON location.id = there.location_id
WHERE level.id = ANY(%(ids)s::uuid[]) AND there.on_hand <> 0
ORDER BY 2, 1, 6
"""
_ZERO: Final = Decimal(0)


class Levels(StockKind):
    """Rows say what is there when their batch is applied. A row without a lot is about what is of no lot."""

    sheet: ClassVar = LEVELS
    batch: ClassVar = BATCH
    order: ClassVar = ("location_id", "variant_id", "line")
    # What nothing changes when it is looked at may have been sold when the file is applied.
    writes: ClassVar = (CREATED, CHANGED, UNCHANGED)

    def plan(self, rows: Sequence[Row], context: FileContext) -> Iterator[Planned | RowProblem]:
        """The difference to the books, row by row."""
        goods = find_goods([row["sku"] for row in rows])
        right: list[tuple[Row, Goods, Location, Decimal]] = []
        for row in rows:
            of, location = goods.get(row["sku"]), context.location(row)
            if of is None:
                yield no_variant(row)
            if isinstance(location, RowProblem):
                yield location
            if of is None or isinstance(location, RowProblem):
                continue
            wrong = list(_wrong(row, of))
            yield from wrong
            if not wrong:
                right.append((row, of, location, _quantity(row, of)))
        there = _there([Place(location.id, of.id) for _, of, location, _ in right])
        for row, of, location, quantity in right:
            yield _planned(row, of, location, quantity, there[Place(location.id, of.id)])

    def apply(self, rows: Iterator[StockFileRow], context: FileContext) -> None:
        """Bring levels to the rows: an opening where nothing ever moved, else adjustments."""
        settle(levels=_write(list(rows), context), at=context.at)

    def revert(self, rows: Iterator[StockFileRow], context: FileContext, *, force: bool) -> list[str]:
        """Take back the rows' movements by others that name them. What moved since moved all the same."""
        del force
        settle(levels=_take_back(_movements(list(rows), context.file), context), at=context.at)
        return []

    def export(self, *, location_id: UUID | None, currency: str) -> Iterator[list[str]]:
        """What is on hand, a row for each lot and one for what is of none."""
        levels = StockLevel.objects.order_by("location__code", "variant__sku", "id")
        if location_id is not None:
            levels = levels.filter(location_id=location_id)
        keys = list(levels.values_list("pk", flat=True))
        for start in range(0, len(keys), PIECE):
            with connection.cursor() as cursor:
                cursor.execute(_EXPORT, {"ids": keys[start : start + PIECE]})
                found = cursor.fetchall()
            yield from (_exported(row, currency) for row in found)


def _exported(row: Sequence[Any], currency: str) -> list[str]:
    sku, place, on_hand, unit, cost, lot, expires_on = row
    return [
        guarded(sku),
        guarded(place),
        quantity_cell(on_hand),
        unit,
        cost_cell(cost, currency),
        guarded(lot),
        expires_on.isoformat() if expires_on else "",
    ]


def _wrong(row: Row, of: Goods) -> Iterator[RowProblem]:
    if not of.has_stock:
        yield problem(row, "sku", "stock of this item is not kept", row["sku"])
    if row["expires_on"] and not row["lot"]:
        yield problem(row, "expires_on", "is said of no lot; name the lot", row["expires_on"])
    if row["lot"] and of.tracking == "none":
        yield problem(
            row, "lot", "the item's lots are not told apart; see the item's stock settings", row["lot"]
        )
    if row["lot"] and of.tracking == "serial" and abs(row["on_hand"]) > 1:
        yield problem(row, "on_hand", "there is one piece of a serial number at most", row["on_hand"])
    try:
        quantity = _quantity(row, of)
    except NoConversion:
        known = ", ".join([of.unit, *(str(each["code"]) for each in of.units)])
        yield problem(
            row, "unit", f"the item is not counted in this unit; its units are {known}", row["unit"]
        )
        return
    if abs(quantity) >= LARGEST:
        yield problem(row, "on_hand", f"is not below {LARGEST:f}", row["on_hand"])
    if of.unit == "each" and quantity % 1:
        yield problem(row, "on_hand", "is not a whole number, but the unit is each", row["on_hand"])


def _size(row: Row, of: Goods) -> Fraction:
    unit = row["unit"] or of.unit
    return convert(quantity=1, from_unit=unit, to_unit=of.unit, units=of.units, unit=of.unit)


def _quantity(row: Row, of: Goods) -> Decimal:
    return stock_quantity(Fraction(row["on_hand"]) * _size(row, of))


def _planned(
    row: Row, of: Goods, location: Location, quantity: Decimal, there: Mapping[str, Decimal | None]
) -> Planned | RowProblem:
    lot = row["lot"] or ""
    now = there.get(lot)
    if quantity < 0 and quantity != (now or _ZERO):
        return problem(row, "on_hand", "is below zero; what is there cannot be", row["on_hand"])
    is_new = now is None
    outcome = UNCHANGED if quantity == (now or _ZERO) else CREATED if is_new else CHANGED
    cost = row["unit_cost"]
    before = "" if now is None else plain_quantity(now)
    return Planned(
        line=row.line,
        key=f"{of.sku} · {location.code}" + (f" · {lot}" if lot else ""),
        name=of.name,
        outcome=outcome,
        location_id=location.id,
        variant_id=of.id,
        plan={
            "quantity": plain_quantity(quantity),
            # Per unit of the item, exactly, however the row says it.
            "cost": None if cost is None else str(Fraction(cost) / _size(row, of)),
            "lot": lot,
            "expires_on": row["expires_on"].isoformat() if row["expires_on"] else None,
            "tracking": of.tracking,
        },
        before={"quantity": before},
        changes=[]
        if outcome == UNCHANGED
        else [{"column": "on_hand", "before": before, "after": plain_quantity(quantity)}],
    )


def _there(places: Sequence[Place]) -> dict[Place, dict[str, Decimal | None]]:
    """What is on hand by lot; '' is what is of no lot (None: nothing was ever said of the place)."""
    found: dict[Place, dict[str, Decimal | None]] = {}
    for location_id, variant_id, on_hand, lots in _ask(_THERE, places):
        told = json.loads(lots) if isinstance(lots, str) else lots
        by_lot: dict[str, Decimal | None] = {code: Decimal(text) for code, text in told.items()}
        rest = None if on_hand is None else on_hand - sum((each or _ZERO for each in by_lot.values()), _ZERO)
        found[Place(location_id, variant_id)] = {**by_lot, "": rest}
    return found


def _ask(statement: str, places: Sequence[Place]) -> list[tuple[Any, ...]]:
    wanted = sorted(set(places))
    asked = {
        "locations": [place.location_id for place in wanted],
        "variants": [place.variant_id for place in wanted],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def _write(piece: Sequence[StockFileRow], context: FileContext) -> set[Place]:
    """Record what a piece of rows says, with its levels locked."""
    places = [_place(row) for row in piece]
    lock_levels(places)
    there = _there(places)
    moved = {Place(*row) for row in _ask(_MOVED, places)}
    by_location: dict[UUID, list[StockFileRow]] = {}
    for row in piece:
        by_location.setdefault(_place(row).location_id, []).append(row)
    for location_id, rows in by_location.items():
        cause = _cause(context, location_id)
        lots = _lots(rows, cause, context)
        for kind in (StockMovement.OPENING, StockMovement.ADJUSTMENT):
            chosen = [row for row in rows if _kind(row, moved) == kind]
            changes = [_change(row, there[_place(row)], lots) for row in chosen]
            record_all(cause=_as(cause, kind), changes=[each for each in changes if each.quantity])
    return set(places)


def _kind(row: StockFileRow, moved: set[Place]) -> str:
    """Every place has one opening; of several lots, the first row would be it, so lots are adjustments."""
    is_opening = _place(row) not in moved and not (row.plan or {})["lot"]
    return StockMovement.OPENING if is_opening else StockMovement.ADJUSTMENT


def _change(
    row: StockFileRow, there: Mapping[str, Decimal | None], lots: Mapping[tuple[UUID, str], UUID]
) -> StockChange:
    plan = row.plan or {}
    place = _place(row)
    quantity = Decimal(plan["quantity"]) - (there.get(plan["lot"]) or _ZERO)
    is_valued = plan["cost"] is not None and quantity > 0
    return StockChange(
        variant_id=place.variant_id,
        quantity=quantity,
        value_minor=stock_value(Fraction(quantity) * Fraction(plan["cost"])) if is_valued else None,
        lot_id=lots[place.variant_id, plan["lot"]] if plan["lot"] else None,
        document_line_id=row.pk,
    )


def _lots(rows: Sequence[StockFileRow], cause: Cause, context: FileContext) -> dict[tuple[UUID, str], UUID]:
    """Keys of the lots that rows name; those nobody knows yet are made."""
    receipts = [
        LotReceipt(
            variant_id=_place(row).variant_id,
            code=plan["lot"],
            expires_on=_day(plan["expires_on"]),
            kind=plan["tracking"],
        )
        for row in rows
        if (plan := row.plan or {})["lot"]
    ]
    return ensure_lots(
        location_id=cause.location_id,
        receipts=receipts,
        variant_ids=[_place(row).variant_id for row in rows],
        at=context.at,
        received_on=cause.business_date,
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _cause(context: FileContext, location_id: UUID) -> Cause:
    location = next(place for place in context.places.values() if place.id == location_id)
    return Cause(
        kind=StockMovement.ADJUSTMENT,
        location_id=location_id,
        at=context.at,
        business_date=business_date(at=context.at, time_zone=location.time_zone, cut_off=location.cut_off),
        recorded_at=context.at,
        employee_id=context.actor.employee_id,
        document_id=context.file.pk,
        reason=f"import: {context.file.file_name}"[:200],
    )


def _as(cause: Cause, kind: str, reason: str | None = None) -> Cause:
    return replace(cause, kind=kind, reason=cause.reason if reason is None else reason)


def _movements(rows: Sequence[StockFileRow], file: StockFile) -> list[StockMovement]:
    """What the rows moved; by the card of their goods, for the whole document may have a hundred times as many."""
    asked = {
        "file": file.pk,
        "rows": [row.pk for row in rows],
        "locations": [_place(row).location_id for row in rows],
        "variants": [_place(row).variant_id for row in rows],
    }
    return list(StockMovement.objects.raw(_MINE, asked))


def _take_back(piece: Sequence[StockMovement], context: FileContext) -> set[Place]:
    places = {Place(each.location_id, each.variant_id) for each in piece}
    lock_levels(places)
    worth = worth_of([each.pk for each in piece])
    reason = f"import taken back: {context.file.file_name}"[:200]
    by_location: dict[UUID, list[StockMovement]] = {}
    for each in piece:
        by_location.setdefault(each.location_id, []).append(each)
    for location_id, moved in by_location.items():
        cause = _as(_cause(context, location_id), StockMovement.ADJUSTMENT, reason)
        record_all(cause=cause, changes=[reversal_of(each, worth[each.pk]) for each in moved])
    return places


def _place(row: StockFileRow) -> Place:
    if row.location_id is None or row.variant_id is None:
        raise ValueError(f"line {row.line} of a file of levels has no place")
    return Place(row.location_id, row.variant_id)
