"""Documents as rows of a sheet: its levels walked depth first, the cells written by their kinds."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pos.catalog.csv_reading.cells import PlainNumber
from pos.catalog.sheets.columns import Column, Document, Sheet, get
from pos.catalog.sheets.declared import ITEMS
from pos.catalog.sheets.names import Names

Cells = list[str]
_CALCULATED: Final = re.compile(r"'*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def written_columns(sheet: Sheet) -> tuple[Column, ...]:
    """The columns an export has: all that the catalogue holds."""
    return tuple(column for column in sheet.columns if column.at is not None or column.key)


def rows_of(sheet: Sheet, documents: Iterable[Document], names: Names) -> Iterator[Cells]:
    """The rows of documents, in their order."""
    columns = written_columns(sheet)
    for document in documents:
        shown = sheet.unfold(document) if sheet.unfold is not None else document
        if sheet is ITEMS:
            shown = {**shown, "name": item_title(document, names)}
        for nodes in _paths(sheet, shown, shown, 0):
            yield [_cell(column, document, nodes, names) for column in columns]


def item_title(document: Mapping[str, Any], names: Names) -> str:
    """An item's name; with its category before it where the name alone would be taken for another."""
    path = " > ".join(names.paths.get(document["category_id"], ()))
    name: str = document["name"]
    is_unclear = names.is_ambiguous(document["id"]) or name.startswith(f"{path} > ")
    return f"{path} > {name}" if is_unclear else name


def guarded(text: str) -> str:
    """A text that no spreadsheet calculates: an apostrophe before what begins like a formula (ASVS 1.2.10)."""
    return f"'{text}" if _CALCULATED.match(text) else text


def _paths(sheet: Sheet, document: Document, node: Document, depth: int) -> Iterator[list[Document | None]]:
    """For each row, the node of every level; None below something that has nothing in it."""
    if depth == len(sheet.levels):
        yield [node]
        return
    inner = get(node, sheet.levels[depth].at) or []
    for below in inner:
        for path in _paths(sheet, document, below, depth + 1):
            yield [node, *path]
    if not inner and depth == 0 and sheet.new is not None and sheet is not ITEMS:
        yield [node, *[None] * len(sheet.levels)]


def _cell(column: Column, document: Document, nodes: list[Document | None], names: Names) -> str:
    node = nodes[column.level]
    if node is None:
        return ""
    value = document["id"] if column.at is None else get(node, column.at)
    text = column.kind.write(value, names)
    if column.kind.is_number and _NUMBER.fullmatch(text):
        return PlainNumber(text)
    return guarded(text)
