"""Putting a row into its document: down the levels of its sheet, each found by its key or made. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fynlo.core.ids import new_id
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.importing.states import Document, FieldChange
from pos.catalog.importing.workspace import Workspace
from pos.catalog.sheets.columns import Column, Level, Sheet, drop, fresh, get, put
from pos.catalog.sheets.names import Names

Said = Mapping[str, Any]


class Placed:
    """What became of a row: the deepest node it stands for, whether that is new, and what changed."""

    __slots__ = ("changes", "is_new", "node")

    def __init__(self, node: Document, *, is_new: bool) -> None:
        self.node, self.is_new = node, is_new
        self.changes: list[FieldChange] = []


class Placer:
    """Puts the rows of one sheet of a file, which has `columns`, into documents."""

    def __init__(self, space: Workspace, sheet: Sheet, columns: Collection[str]) -> None:
        self.space, self.sheet = space, sheet
        self._own = said_columns(sheet.at_level(0), columns)
        self._levels = [
            (
                level,
                tuple(column for column in sheet.at_level(depth) if column.key),
                said_columns(sheet.at_level(depth), columns),
            )
            for depth, level in enumerate(sheet.levels, start=1)
        ]

    def place(self, said: Said, document: Document, *, line: int, is_new: bool) -> Placed:
        """Bring a document to what a row says. Raises `CellInvalid` where it needs something that is not there."""
        names = self.space.names
        placed = Placed(document, is_new=is_new)
        self.space.note(document, self.sheet.name, line)
        placed.changes += fill(document, self._own, said, names, tell=not is_new)
        for level, keys, columns in self._levels:
            if any(said[column.name] == "" for column in keys):
                break
            placed.node, placed.is_new = self._node(placed.node, level, keys, said)
            self.space.note(placed.node, self.sheet.name, line)
            placed.changes += fill(placed.node, columns, said, names, tell=not placed.is_new)
        return placed

    def _node(
        self, above: Document, level: Level, keys: Sequence[Column], said: Said
    ) -> tuple[Document, bool]:
        """The node of a row one level down, and whether it is new."""
        nodes = get(above, level.at)
        found = _found(nodes or (), keys, said)
        if found is not None:
            return found, False
        if not level.new:
            raise CellInvalid(f"the {self.sheet.columns[0].name} has no {keys[0].name} of this name")
        made = {"id": str(new_id()), **fresh(level.new)} if level.has_id else fresh(level.new)
        if nodes is None:
            put(above, level.at, [made])
        else:
            nodes.append(made)
        return made, True


def said_columns(columns: Sequence[Column], present: Collection[str]) -> tuple[Column, ...]:
    """Those that a file with the `present` columns says something about, and documents hold."""
    return tuple(
        column for column in columns if column.at is not None and (column.name in present or column.key)
    )


def fill(
    node: Document, columns: Sequence[Column], said: Said, names: Names, *, tell: bool
) -> list[FieldChange]:
    """Set the members that columns stand for; returns what differed, if it is to be told."""
    changes = []
    for column in columns:
        at = column.at or ""
        before, after = get(node, at), said[column.name]
        if after == before:
            continue
        after = column.kind.merge(before, after)
        is_left_out = column.dropped and (after is None or after in ("", []))
        if after == before or (is_left_out and before is None):
            continue
        if is_left_out:
            drop(node, at)
        else:
            put(node, at, after)
        if tell:
            old, new = column.kind.write(before, names), column.kind.write(after, names)
            changes.append(FieldChange(field=column.name, before=old, after=new))
    return changes


def _found(nodes: Collection[Document], keys: Sequence[Column], said: Said) -> Document | None:
    if not nodes:
        return None
    wanted = [(column.at or "", _folded(said[column.name])) for column in keys]
    return next(
        (node for node in nodes if all(_folded(get(node, at)) == value for at, value in wanted)), None
    )


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
