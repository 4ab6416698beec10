"""Planning the sheet of items: rows that belong together, items found again, variants that move. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pos.catalog.csv_reading import Row, RowProblem, SheetRows
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.csv_reading.checks import first_said
from pos.catalog.importing.matching import item_name, rows_by_item, targets_of
from pos.catalog.importing.placing import Placer, fill, said_columns
from pos.catalog.importing.states import Document, FieldChange, RowPlan
from pos.catalog.importing.workspace import Workspace
from pos.catalog.sheets.columns import Column
from pos.catalog.sheets.goods import ITEMS

_SHARED = tuple(column for column in ITEMS.at_level(0) if column.name != "item_active")
_ITEM_ACTIVE = next(column for column in ITEMS.columns if column.name == "item_active")
_VARIANTS = replace(ITEMS, columns=ITEMS.at_level(1))
"""The sheet as a row of it sees its item: only what is the variant's own."""


class ItemPlanner:
    """Walks the items of a file and decides what becomes of them."""

    def __init__(self, space: Workspace, sheet: SheetRows) -> None:
        self.space, self.sheet, self.columns = space, sheet, sheet.columns
        self.problems: list[RowProblem] = []
        self._emptied: dict[str, None] = {}
        self._shared_said = said_columns(_SHARED, sheet.columns)
        self._placer = Placer(space, _VARIANTS, sheet.columns)

    def plan(self) -> list[RowPlan]:
        """What becomes of each row; problems are in `problems`."""
        groups = rows_by_item(self.sheet.rows)
        targets = targets_of(groups, self.space.names)
        self._fetch(targets)
        plans = [plan for key, group in groups.items() for plan in self._item(group, targets.get(key))]
        for key in self.emptied():
            self.space.documents["item", key]["is_active"] = False
        return plans

    def emptied(self) -> tuple[str, ...]:
        """Items whose variants all moved to other items."""
        found = (key for key in self._emptied if not self.space.documents["item", key]["variants"])
        return tuple(sorted(found))

    def _fetch(self, targets: Mapping[str, str]) -> None:
        names = self.space.names
        known = (names.variants.find(row["sku"]) for row in self.sheet.rows)
        owners = {names.item_of[variant] for variant in known if variant}
        self.space.fetch("item", owners | set(targets.values()))

    def _item(self, group: Sequence[Row], target: str | None) -> Iterator[RowPlan]:
        """Plan one item of the file, then its rows; the item's own changes are told with its first row."""
        said = self._shared(group)
        if said is None:
            return
        space = self.space
        is_new = target is None
        document = space.make(ITEMS) if target is None else space.documents["item", target]
        space.note(document, ITEMS.name, group[0].line)
        changes = fill(document, self._shared_said, said, space.names, tell=not is_new)
        changes += self._activity(document, group, is_new=is_new)
        if changes:
            space.changed["item", document["id"]] = None
        space.names.add_item(document["id"], document["category_id"], document["name"])
        for row in group:
            plan = self._row(row, document, changes)
            changes = []
            if plan is not None:
                yield plan
        if ITEMS.fold is not None:
            ITEMS.fold(document)

    def _shared(self, group: Sequence[Row]) -> dict[str, Any] | None:
        """What the rows say of their item, with keys for words; None if something is not there."""
        said = {column.name: first_said(group, column.name) for column in _SHARED}
        values: dict[str, Any] = {}
        for column in _SHARED:
            value, row = said[column.name]
            if column.name == "category":
                values["category"] = self.space.category(value)
                continue
            if column.name == "item":
                value = item_name(row)
            try:
                values[column.name] = column.kind.resolve(value, self.space.names)
            except CellInvalid as error:
                self._refuse(row, column, error)
        return values if len(values) == len(_SHARED) else None

    def _activity(self, document: Document, group: Sequence[Row], *, is_new: bool) -> list[FieldChange]:
        """An item that was switched off comes back with an active row, unless its own column says otherwise."""
        if "item_active" in self.columns:
            said = {"item_active": group[0]["item_active"]}
            return fill(document, (_ITEM_ACTIVE,), said, self.space.names, tell=not is_new)
        comes_back = "active" in self.columns and any(row["active"] for row in group)
        if is_new or document["is_active"] or not comes_back:
            return []
        document["is_active"] = True
        return [FieldChange(field="active", before="no", after="yes")]

    def _row(self, row: Row, document: Document, item_changes: Sequence[FieldChange]) -> RowPlan | None:
        names = self.space.names
        moved = self._moved(row["sku"], document)
        placed = self._placer.place(row.cells, document, line=row.line, is_new=False)
        names.add_variant(placed.node["id"], document["id"], placed.node["sku"])
        changes = (*item_changes, *moved, *placed.changes)
        if changes or placed.is_new:
            self.space.changed["item", document["id"]] = None
        return RowPlan(
            sheet=ITEMS.name,
            line=row.line,
            key=row["sku"],
            name=f"{document['name']}, {row['variant']}" if row["variant"] else document["name"],
            node_id=placed.node["id"],
            outcome="created" if placed.is_new else "changed" if changes else "unchanged",
            changes=changes,
        )

    def _moved(self, sku: str, document: Document) -> list[FieldChange]:
        """Bring a variant of another item here, with the prices that lists have for it."""
        names = self.space.names
        variant = names.variants.find(sku)
        owner = names.item_of[variant] if variant else document["id"]
        if owner == document["id"]:
            return []
        other = self.space.documents["item", owner]
        for member, key in (("variants", "id"), ("list_prices", "variant_id")):
            going = [node for node in other[member] if node[key] == variant]
            other[member] = [node for node in other[member] if node[key] != variant]
            document[member] = [*document[member], *going]
        self.space.changed["item", owner] = None
        self._emptied[owner] = None
        return [FieldChange(field="item", before=other["name"], after=document["name"])]

    def _refuse(self, row: Row, column: Column, error: CellInvalid) -> None:
        value = row[column.name]
        given = value if isinstance(value, str) else ""
        self.problems.append(
            RowProblem(line=row.line, column=column.name, reason=str(error), given=given[:80])
        )
