"""Walks the items of a file and decides what becomes of them."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fynlo.core.ids import new_id
from pos.catalog.barcodes import same_code
from pos.catalog.csv_reading import CatalogRow, RowProblem
from pos.catalog.importing.clashes import clashes
from pos.catalog.importing.matching import rows_by_item, targets_of
from pos.catalog.importing.states import (
    Catalogue,
    FieldChange,
    ImportPlan,
    ItemState,
    Path,
    RowPlan,
    VariantState,
    path_key,
)

ITEM_FIELDS: Final = ("category", "name", "tax_class", "unit", "description", "is_active")
VARIANT_FIELDS: Final = ("name", "sku", "price_minor", "is_active", "barcodes")
_COLUMNS: Final = {"price_minor": "price", "is_active": "active", "barcodes": "barcode"}


def plan_import(*, rows: Sequence[CatalogRow], columns: Collection[str], catalogue: Catalogue) -> ImportPlan:
    """Compare `rows` of a file that has `columns` with the catalogue there is."""
    planner = _Planner(catalogue, columns)
    groups = rows_by_item(rows)
    targets = targets_of(groups, catalogue)
    plans = [plan for key, group in groups.items() for plan in planner.item(group, targets.get(key))]
    return ImportPlan(
        rows=tuple(sorted(plans, key=lambda plan: plan.line)),
        categories=tuple(planner.new_categories),
        items=tuple(planner.items.values()),
        variants=tuple(planner.variants.values()),
        emptied=planner.emptied(),
        problems=tuple(planner.problems(rows)),
    )


class _Planner:
    """Collects what changes while it walks the items of the file."""

    def __init__(self, catalogue: Catalogue, columns: Collection[str]) -> None:
        self.catalogue = catalogue
        self.columns = columns
        self.paths = {path_key(path): path for path in catalogue.categories}
        self.new_categories: list[Path] = []
        self.items: dict[UUID, ItemState] = {}
        self.variants: dict[UUID, VariantState] = {}
        self.final_items: dict[UUID, tuple[ItemState, int]] = {}
        self.final_variants: dict[UUID, tuple[VariantState, int]] = {}
        self.sizes = Counter(variant.item_id for variant in catalogue.variants.values())

    def item(self, group: Sequence[CatalogRow], target: UUID | None) -> Iterator[RowPlan]:
        """Plan one item of the file, then its rows; the item's own changes are told with its first row."""
        before = self.catalogue.items.get(target) if target else None
        after = self._item_state(group, before)
        self.final_items[after.id] = (after, group[0].line)
        if after != before:
            self.items[after.id] = after
        changes = _changes(before, after, ITEM_FIELDS) if before else ()
        for place, row in enumerate(group):
            yield self._row(row, after, place, changes if place == 0 else ())

    def emptied(self) -> tuple[UUID, ...]:
        """Items whose variants all moved to other items."""
        lost: Counter[UUID] = Counter()
        for variant in self.catalogue.variants.values():
            final = self.final_variants.get(variant.id)
            if final and final[0].item_id != variant.item_id:
                lost[variant.item_id] += 1
        gone = [
            item for item, count in lost.items() if count == self.sizes[item] and item not in self.final_items
        ]
        return tuple(sorted(gone))

    def problems(self, rows: Sequence[CatalogRow]) -> list[RowProblem]:
        """What forbids the import, in the order of the lines."""
        found = clashes(
            rows=rows, catalogue=self.catalogue, items=self.final_items, variants=self.final_variants
        )
        return sorted(found, key=lambda problem: problem.line)

    def _item_state(self, group: Sequence[CatalogRow], before: ItemState | None) -> ItemState:
        first = group[0]
        described = next((row.description for row in group if row.description), "")
        state = ItemState(
            id=before.id if before else new_id(),
            category=self._path(first.category),
            name=first.item,
            tax_class=first.tax_class,
            unit=first.unit,
            description=described,
            is_active=before is None or before.is_active or any(row.is_active for row in group),
        )
        if before is None:
            return state
        unsaid = {"unit": "unit", "description": "description", "active": "is_active"}
        kept = {name: getattr(before, name) for column, name in unsaid.items() if column not in self.columns}
        return replace(state, **kept)

    def _row(
        self, row: CatalogRow, item: ItemState, place: int, item_changes: tuple[FieldChange, ...]
    ) -> RowPlan:
        before = self.catalogue.variants.get(row.sku.upper())
        after = self._variant_state(row, item.id, before, place)
        self.final_variants[after.id] = (after, row.line)
        if after != before:
            self.variants[after.id] = after
        moved: tuple[FieldChange, ...] = ()
        if before and before.item_id != item.id:
            old = self.catalogue.items[before.item_id].name
            moved = (FieldChange(field="item", before=old, after=item.name),)
        changes = (*item_changes, *moved, *(_changes(before, after, VARIANT_FIELDS) if before else ()))
        return RowPlan(
            line=row.line,
            sku=row.sku,
            name=f"{row.item}, {row.variant}" if row.variant else row.item,
            variant_id=after.id,
            outcome="created" if before is None else "changed" if changes else "unchanged",
            changes=changes,
        )

    def _variant_state(
        self, row: CatalogRow, item_id: UUID, before: VariantState | None, place: int
    ) -> VariantState:
        state = VariantState(
            id=before.id if before else new_id(),
            item_id=item_id,
            name=row.variant,
            sku=row.sku,
            price_minor=row.price_minor,
            position=before.position if before else self.sizes[item_id] + place,
            is_active=row.is_active,
            barcodes=_as_known(row.barcodes, before.barcodes if before else frozenset()),
        )
        if before is None:
            return state
        unsaid = {"variant": "name", "barcode": "barcodes", "active": "is_active"}
        kept = {name: getattr(before, name) for column, name in unsaid.items() if column not in self.columns}
        return replace(state, **kept)

    def _path(self, path: Path) -> Path:
        """The category's path as the catalogue spells it; missing ones are planned, parents first."""
        spelled: Path = ()
        for name in path:
            wanted = (*spelled, name)
            if path_key(wanted) not in self.paths:
                self.paths[path_key(wanted)] = wanted
                self.new_categories.append(wanted)
            spelled = self.paths[path_key(wanted)]
        return spelled


def _changes(before: Any, after: Any, fields: Sequence[str]) -> tuple[FieldChange, ...]:
    """The fields that differ, under the names of their columns."""
    is_item = isinstance(after, ItemState)
    return tuple(
        FieldChange(
            field=("item" if is_item else "variant") if name == "name" else _COLUMNS.get(name, name),
            before=getattr(before, name),
            after=getattr(after, name),
        )
        for name in fields
        if getattr(before, name) != getattr(after, name)
    )


def _as_known(codes: Sequence[str], known: frozenset[str]) -> frozenset[str]:
    """The codes, spelled as they already are where they are the same."""
    spelled = {same_code(code): code for code in known}
    return frozenset(spelled.get(same_code(code), code) for code in codes)
