"""Putting a row into its document: down the levels of its sheet, each found by its key or made. Pure."""

import copy
from collections.abc import Collection, Mapping
from typing import Any

from fynlo.core.ids import new_id
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.importing.states import Document, FieldChange
from pos.catalog.importing.workspace import Workspace
from pos.catalog.sheets.columns import Column, Sheet, drop, get, put
from pos.catalog.sheets.names import Names

Said = Mapping[str, Any]


class Placed:
    """What became of a row: the deepest node it stands for, whether that is new, and what changed."""

    __slots__ = ("changes", "is_new", "node")

    def __init__(self, node: Document, *, is_new: bool) -> None:
        self.node, self.is_new = node, is_new
        self.changes: list[FieldChange] = []


def place(
    space: Workspace,
    sheet: Sheet,
    said: Said,
    document: Document,
    *,
    columns: Collection[str],
    line: int,
    is_new: bool,
) -> Placed:
    """Bring a document to what a row says. Raises `CellInvalid` where the row needs something that is not there."""
    placed = Placed(document, is_new=is_new)
    space.note(document, sheet.name, line)
    placed.changes += fill(document, sheet.at_level(0), said, columns, space.names, tell=not is_new)
    for depth, level in enumerate(sheet.levels, start=1):
        keys = [column for column in sheet.at_level(depth) if column.key]
        if any(said[column.name] == "" for column in keys):
            break
        nodes = get(placed.node, level.at)
        node = _found(nodes or (), keys, said)
        is_known = node is not None
        if node is None:
            if not level.new:
                raise CellInvalid(f"the {sheet.columns[0].name} has no {keys[0].name} of this name")
            node = {**({"id": str(new_id())} if level.has_id else {}), **copy.deepcopy(dict(level.new))}
            if nodes is None:
                put(placed.node, level.at, [node])
            else:
                nodes.append(node)
        placed.node, placed.is_new = node, not is_known
        space.note(node, sheet.name, line)
        changes = fill(node, sheet.at_level(depth), said, columns, space.names, tell=is_known)
        placed.changes += changes
    return placed


def fill(
    node: Document,
    columns: tuple[Column, ...],
    said: Said,
    present: Collection[str],
    names: Names,
    *,
    tell: bool,
) -> list[FieldChange]:
    """Set the members that the file has columns for; returns what differed, if it is to be told."""
    changes = []
    for column in columns:
        if column.at is None or (column.name not in present and not column.key):
            continue
        before = get(node, column.at)
        after = column.kind.merge(before, said[column.name])
        is_left_out = column.dropped and (after is None or after in ("", []))
        if after == before or (is_left_out and before is None):
            continue
        if is_left_out:
            drop(node, column.at)
        else:
            put(node, column.at, after)
        if tell:
            old, new = column.kind.write(before, names), column.kind.write(after, names)
            changes.append(FieldChange(field=column.name, before=old, after=new))
    return changes


def _found(nodes: Collection[Document], keys: list[Column], said: Said) -> Document | None:
    wanted = [(column.at or "", _folded(said[column.name])) for column in keys]
    return next(
        (node for node in nodes if all(_folded(get(node, at)) == value for at, value in wanted)), None
    )


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
