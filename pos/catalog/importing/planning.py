"""Plans a file: sheet by sheet, each row resolved, found, and put into its document. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pos.catalog.csv_reading import CatalogFile, Row, RowProblem, SheetRows
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.csv_reading.checks import first_said
from pos.catalog.importing.items import ItemPlanner
from pos.catalog.importing.placing import Placer
from pos.catalog.importing.states import ImportPlan, Known, RowPlan
from pos.catalog.importing.workspace import Workspace
from pos.catalog.sheets.columns import Column, Sheet
from pos.catalog.sheets.declared import BY_NAME, ITEMS

SHOWN = 80
Said = dict[str, Any]


def plan_import(*, file: CatalogFile, known: Known) -> ImportPlan:
    """Compare the rows of `file` with the catalogue there is."""
    space = Workspace(known)
    rows: list[RowPlan] = []
    problems: list[RowProblem] = []
    emptied: tuple[str, ...] = ()
    for sheet in file.sheets:
        if sheet.sheet == ITEMS.name:
            planner = ItemPlanner(space, sheet)
            plans, found = planner.plan(), planner.problems
            emptied = planner.emptied()
        else:
            plans, found = _SheetPlanner(space, sheet).plan()
        rows += sorted(plans, key=lambda plan: plan.line)
        name = sheet.sheet if len(file.sheets) > 1 else ""
        problems += [_in_sheet(problem, name) for problem in found]
    return ImportPlan(
        rows=tuple(rows),
        documents=space.touched(),
        categories=tuple(space.new_categories),
        emptied=emptied,
        problems=tuple(problems),
        place_of=space.place_of,
    )


class _SheetPlanner:
    """Plans any sheet but that of items."""

    def __init__(self, space: Workspace, rows: SheetRows) -> None:
        self.space, self.rows = space, rows
        self.sheet: Sheet = BY_NAME[rows.sheet]
        self.problems: list[RowProblem] = []
        self._placer = Placer(space, self.sheet, rows.columns)

    def plan(self) -> tuple[list[RowPlan], list[RowProblem]]:
        """What becomes of each row, and what is wrong with any."""
        found = list(self._found())
        self.space.fetch(self.sheet.kind, [key for _, _, key in found])
        self._unfold(found)
        self._share(found)
        plans = [plan for row, said, key in found if (plan := self._row(row, said, key)) is not None]
        self._fold(found)
        return plans, self.problems

    def _found(self) -> Iterator[tuple[Row, Said, str]]:
        """Each row with keys for words and the document it means, which is made if there is none."""
        for row in self.rows.rows:
            said = self._resolved(row)
            if said is None:
                continue
            key = self.sheet.find(said, self.space.names)
            if key is None and self.sheet.new is None:
                column = next(column for column in self.sheet.columns if column.key)
                self._refuse(row, column, self.sheet.missing)
                continue
            yield row, said, key or self._make(said)

    def _resolved(self, row: Row) -> Said | None:
        said: Said = {}
        for column in self.sheet.columns:
            try:
                said[column.name] = column.kind.resolve(row[column.name], self.space.names)
            except CellInvalid as error:
                self._refuse(row, column, str(error))
        return said if len(said) == len(self.sheet.columns) else None

    def _make(self, said: Said) -> str:
        if self.sheet.kind == "category":
            return self.space.category(said["category"])
        document = self.space.make(self.sheet)
        for column in self.sheet.at_level(0):
            if column.key and column.at is not None:
                document[column.at] = said[column.name]
        self.space.register(self.sheet.kind, document)
        return str(document["id"])

    def _share(self, found: Sequence[tuple[Row, Said, str]]) -> None:
        """What is about a whole document may be said in one of its rows."""
        if not self.sheet.levels or self.sheet.new is None:
            return
        groups: dict[str, list[Row]] = {}
        for row, _, key in found:
            groups.setdefault(key, []).append(row)
        shared = [column.name for column in self.sheet.at_level(0) if not column.key]
        for _, said, key in found:
            for name in shared:
                said[name] = first_said(groups[key], name)[0]

    def _row(self, row: Row, said: Said, key: str) -> RowPlan | None:
        space, sheet = self.space, self.sheet
        document = space.documents[sheet.kind, key]
        is_new = (sheet.kind, key) in space.made
        try:
            placed = self._placer.place(said, document, line=row.line, is_new=is_new)
        except CellInvalid as error:
            deepest = [column for column in sheet.columns if column.key and column.level == 1]
            self._refuse(row, deepest[0], str(error))
            return None
        if placed.is_new or placed.changes or is_new:
            space.changed[sheet.kind, key] = None
        space.register(sheet.kind, document)
        keys = [column.kind.write(said[column.name], space.names) for column in sheet.columns if column.key]
        return RowPlan(
            sheet=sheet.name,
            line=row.line,
            key=" / ".join(filter(None, keys)),
            name=str(document.get("name", "")),
            node_id=placed.node.get("id"),
            outcome="created" if placed.is_new else "changed" if placed.changes else "unchanged",
            changes=tuple(placed.changes),
        )

    def _unfold(self, found: Sequence[tuple[Row, Said, str]]) -> None:
        unfold = self.sheet.unfold
        for key in dict.fromkeys(key for _, _, key in found) if unfold else ():
            if unfold is not None and (self.sheet.kind, key) not in self.space.made:
                document = self.space.documents[self.sheet.kind, key]
                document.update(unfold(document))

    def _fold(self, found: Sequence[tuple[Row, Said, str]]) -> None:
        fold = self.sheet.fold
        if fold is None:
            return
        first: dict[str, Row] = {}
        for row, _, key in found:
            first.setdefault(key, row)
        for key, row in first.items():
            try:
                fold(self.space.documents[self.sheet.kind, key])
            except CellInvalid as error:
                self._refuse(row, self.sheet.columns[-1], str(error))

    def _refuse(self, row: Row, column: Column, reason: str) -> None:
        given = _shown(row[column.name])
        self.problems.append(RowProblem(line=row.line, column=column.name, reason=reason, given=given))


def _in_sheet(problem: RowProblem, sheet: str) -> RowProblem:
    return replace(problem, sheet=sheet) if sheet else problem


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return " > ".join(map(str, value))[:SHOWN]
    return value[:SHOWN] if isinstance(value, str) else ""
