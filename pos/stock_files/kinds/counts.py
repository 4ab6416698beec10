"""Counts: what somebody counted with other means becomes entries of a count that is going on."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import ClassVar
from uuid import UUID

from fynlo.core.ids import new_id
from pos.catalog.conversion import NoConversion, convert
from pos.catalog.csv_reading import Row, RowProblem
from pos.catalog.errors import ChangedSince
from pos.catalog.exporting.rows import guarded
from pos.inventory import states
from pos.inventory.count_drafts import EntryDraft
from pos.inventory.models import StockCount, StockCountEntry
from pos.inventory.quantities import plain_quantity
from pos.inventory.services.count_entering import enter
from pos.purchasing.packs import Goods
from pos.stock_files.cells import quantity_cell
from pos.stock_files.kinds.base import (
    CREATED,
    FileContext,
    Planned,
    StockKind,
    find_goods,
    in_pieces,
    no_variant,
    pieces,
    problem,
)
from pos.stock_files.models import StockFileRow
from pos.stock_files.sheets import COUNTS

PIECE = 1_000
OPEN = (states.DRAFT, states.COUNTING)


class Counts(StockKind):
    """Rows of the same goods add up, as entries do. They count as of when the file is applied."""

    sheet: ClassVar = COUNTS
    permissions: ClassVar[tuple[str, ...]] = ("stock.write", "stock.count")
    order: ClassVar = ("name", "line")

    def plan(self, rows: Sequence[Row], context: FileContext) -> Iterator[Planned | RowProblem]:
        """Each entry, for a count that is open."""
        del context
        goods = find_goods([row["sku"] for row in rows])
        counts = _counts({row["count"] for row in rows})
        for row in rows:
            of, count = goods.get(row["sku"]), counts.get(row["count"])
            wrong = list(_wrong(row, of, count))
            yield from wrong
            if wrong or of is None or count is None:
                continue
            quantity = plain_quantity(row["quantity"])
            yield Planned(
                line=row.line,
                # Rows may speak of the same goods, so the line belongs to what tells them apart.
                key=f"{row['count']} · {of.sku} · {row.line}",
                name=f"{row['count']:>9} {of.name}",
                outcome=CREATED,
                plan={
                    "count_id": str(count.pk),
                    "entry_id": str(new_id()),
                    "variant_id": str(of.id),
                    "quantity": quantity,
                    "unit": row["unit"],
                    "lot": row["lot"],
                    "zone": row["zone"],
                },
                changes=[{"column": "quantity", "before": "", "after": quantity}],
            )

    def apply(self, rows: Iterator[StockFileRow], context: FileContext) -> None:
        """Append the entries, a thousand at a time."""
        for count_id, found in groupby(rows, key=lambda row: UUID((row.plan or {})["count_id"])):
            for piece in pieces(found, PIECE):
                drafts = [_draft(row, context) for row in piece]
                enter(count_id=count_id, drafts=drafts, actor=context.actor, at=context.at)

    def revert(self, rows: Iterator[StockFileRow], context: FileContext, *, force: bool) -> list[str]:
        """Take the entries back, in counts that still go on; what was counted and closed stays."""
        kept: list[str] = []
        for piece in pieces(rows, PIECE):
            ids = {UUID((row.plan or {})["entry_id"]) for row in piece}
            found = StockCountEntry.objects.filter(pk__in=ids, voided_by__isnull=True)
            closed = _closed({UUID((row.plan or {})["count_id"]) for row in piece})
            if closed and not force:
                told = ", ".join(str(number) for number in sorted(closed.values()))
                raise ChangedSince(
                    f"These counts do not go on any more: {told}.", keys=sorted(closed.values())
                )
            voids = [_void(entry, context) for entry in found.exclude(count_id__in=closed).order_by("pk")]
            StockCountEntry.objects.bulk_create(voids)
            kept += [row.key for row in piece if UUID((row.plan or {})["count_id"]) in closed]
        return kept

    def export(self, *, location_id: UUID | None, currency: str) -> Iterator[list[str]]:
        """The entries of counts that go on, without those that were taken back."""
        del currency
        found = (
            StockCountEntry.objects.filter(count__state__in=OPEN, voids__isnull=True, voided_by__isnull=True)
            .select_related("count", "line__variant")
            .order_by("count__number", "pk")
        )
        if location_id is not None:
            found = found.filter(count__location_id=location_id)
        for entry in in_pieces(found, PIECE):
            yield [
                str(entry.count.number),
                guarded(entry.line.variant.sku),
                quantity_cell(entry.entered_quantity),
                guarded(entry.entered_unit),
                "",
                guarded(entry.zone),
            ]


def _counts(numbers: Collection[int]) -> dict[int, StockCount]:
    return {count.number: count for count in StockCount.objects.filter(number__in=numbers)}


def _closed(count_ids: Collection[UUID]) -> dict[UUID, int]:
    """Those of the counts that do not go on, locked, so that none is closed meanwhile."""
    found = StockCount.objects.filter(pk__in=count_ids).order_by("pk").select_for_update()
    return {count.pk: count.number for count in found if count.state not in OPEN}


def _wrong(row: Row, of: Goods | None, count: StockCount | None) -> Iterator[RowProblem]:
    if count is None:
        yield problem(row, "count", "there is no count of this number", row["count"])
    elif count.state not in OPEN:
        yield problem(row, "count", f"the count is {count.state}; nothing is entered any more", row["count"])
    if of is None:
        yield no_variant(row)
        return
    if not of.has_stock:
        yield problem(row, "sku", "stock of this item is not kept", row["sku"])
    if of.tracking == "none" and row["lot"]:
        yield problem(
            row, "lot", "the item's lots are not told apart; see the item's stock settings", row["lot"]
        )
    if of.tracking != "none" and not row["lot"]:
        yield problem(row, "lot", "the item's lots are told apart; say which one was counted")
    unit = row["unit"] or of.unit
    try:
        convert(quantity=1, from_unit=unit, to_unit=of.unit, units=of.units, unit=of.unit)
    except NoConversion:
        known = ", ".join([of.unit, *(str(each["code"]) for each in of.units)])
        yield problem(
            row, "unit", f"the item is not counted in this unit; its units are {known}", row["unit"]
        )


def _draft(row: StockFileRow, context: FileContext) -> EntryDraft:
    plan = row.plan or {}
    return EntryDraft(
        id=UUID(plan["entry_id"]),
        counted_at=context.at,
        variant_id=UUID(plan["variant_id"]),
        quantity=Decimal(plan["quantity"]),
        unit=plan["unit"],
        lot=plan["lot"],
        zone=plan["zone"],
    )


def _void(entry: StockCountEntry, context: FileContext) -> StockCountEntry:
    return StockCountEntry(
        id=new_id(),
        count_id=entry.count_id,
        line_id=entry.line_id,
        pass_number=entry.pass_number,
        zone=entry.zone,
        quantity=Decimal(0),
        entered_quantity=Decimal(0),
        entered_unit=entry.entered_unit,
        voids_id=entry.pk,
        counted_at=context.at,
        counted_by_id=context.actor.id,
        counted_by_name=context.actor.name[:120],
        device_id=context.actor.device_id,
        recorded_at=context.at,
    )
