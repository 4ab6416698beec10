"""Targets: what should be on the shelf of a variant at a location."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from pos.catalog.csv_reading import Row, RowProblem
from pos.catalog.exporting.rows import guarded
from pos.inventory.models import StockTarget
from pos.inventory.quantities import plain_quantity
from pos.inventory.services.settings import TargetDraft, target_values_problems, write_targets
from pos.stock_files.cells import quantity_cell
from pos.stock_files.kinds.base import FileContext, Planned, changes_of, find_goods, no_variant, problem
from pos.stock_files.kinds.records import Document, RecordKind, Ref, outcome_of
from pos.stock_files.sheets import TARGETS

_QUANTITIES: Final = ("reorder_point", "par_level", "maximum", "safety_stock")
_FIELDS: Final = (*_QUANTITIES, "lead_time_days")


class Targets(RecordKind):
    """A row that says nothing takes the target away; columns that are not in the file stay as they are."""

    sheet: ClassVar = TARGETS

    def plan(self, rows: Sequence[Row], context: FileContext) -> Iterator[Planned | RowProblem]:
        """Each target as it would be."""
        goods = find_goods([row["sku"] for row in rows])
        right: list[tuple[Row, Any, Any]] = []
        for row in rows:
            of, location = goods.get(row["sku"]), context.location(row)
            if of is None:
                yield no_variant(row)
            if isinstance(location, RowProblem):
                yield location
            elif of is not None:
                right.append((row, of, location))
        there = self.current([(str(of.id), str(location.id)) for _, of, location in right])
        for row, of, location in right:
            ref = (str(of.id), str(location.id))
            before = there.get(ref)
            after = _after(row, context.columns, before or {})
            wrong = target_values_problems(_draft(ref, after), "")
            for each in wrong:
                column = each.pointer.strip("/")
                yield problem(row, column, each.detail.rstrip(".").lower(), row[column])
            if not wrong:
                said_nothing = all(value is None for value in after.values())
                yield Planned(
                    line=row.line,
                    key=f"{of.sku} · {location.code}",
                    name=of.name,
                    outcome="unchanged" if before is None and said_nothing else outcome_of(before, after),
                    plan={"ref": ref, "after": None if said_nothing else after},
                    before=before,
                    changes=changes_of(before, after, _FIELDS),
                )

    def current(self, refs: Collection[Ref]) -> dict[Ref, Document]:
        """Targets by variant and location."""
        rows = (
            StockTarget.objects.filter(
                variant_id__in={variant for variant, _ in refs},
                location_id__in={location for _, location in refs},
            )
            .order_by("variant_id", "location_id")
            .select_for_update()
        )
        wanted = set(refs)
        found = {(str(row.variant_id), str(row.location_id)): _document(row) for row in rows}
        return {ref: document for ref, document in found.items() if ref in wanted}

    def write(self, records: Sequence[tuple[Ref, Document | None]]) -> list[Ref]:
        """Bring targets to what is said."""
        write_targets([_draft(ref, document or {}) for ref, document in records])
        return []

    def export(self, *, location_id: UUID | None, currency: str) -> Iterator[list[str]]:
        """All targets, by location and SKU."""
        del currency
        found = StockTarget.objects.select_related("variant", "location").order_by(
            "location__code", "variant__sku", "id"
        )
        if location_id is not None:
            found = found.filter(location_id=location_id)
        for row in found.iterator(chunk_size=2_000):
            quantities = [quantity_cell(getattr(row, name)) for name in _QUANTITIES]
            days = "" if row.lead_time_days is None else str(row.lead_time_days)
            yield [guarded(row.variant.sku), guarded(row.location.code), *quantities, days]


def _document(row: StockTarget) -> dict[str, Any]:
    quantities = {name: getattr(row, name) for name in _QUANTITIES}
    told: dict[str, Any] = {
        name: None if value is None else plain_quantity(value) for name, value in quantities.items()
    }
    return told | {"lead_time_days": row.lead_time_days}


def _after(row: Row, columns: Collection[str], before: Document) -> dict[str, Any]:
    after: dict[str, Any] = {}
    for name in _FIELDS:
        value = row[name] if name in columns else before.get(name)
        after[name] = plain_quantity(value) if isinstance(value, Decimal) else value
    return after


def _draft(ref: Ref, document: Document) -> TargetDraft:
    values = {name: None if document.get(name) is None else Decimal(document[name]) for name in _QUANTITIES}
    return TargetDraft(
        variant_id=UUID(ref[0]),
        location_id=UUID(ref[1]),
        lead_time_days=document.get("lead_time_days"),
        **values,  # type: ignore[arg-type]
    )
