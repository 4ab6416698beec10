"""From a record to a typed row: every cell is looked at, so that all problems of a row are told at once."""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pos.catalog.csv_reading.cells import CellInvalid, PlainNumber, WrongCell
from pos.catalog.csv_reading.headers import Header
from pos.catalog.csv_reading.text import Record
from pos.catalog.csv_reading.types import Row, RowProblem
from pos.catalog.sheets.columns import Column, Rules

MAX_CATEGORY_NAME = 120
MAX_ITEM_NAME = 160
MAX_VARIANT_NAME = 120
MAX_SKU = 64
MAX_DESCRIPTION = 2000
SHOWN = 80
"""So much of a wrong cell is repeated in its problem."""

_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_REMEMBERED: Final = 20_000


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that exports put before what a spreadsheet would calculate."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell


def read_rows(
    *, found: Iterable[Record], header: Header, rules: Rules
) -> Iterator[tuple[Row | None, list[RowProblem]]]:
    """Each record as a row, or with the problems that keep it from being one."""
    readers = [
        _Reader(column, header.places[column.name], rules)
        for column in header.sheet.columns
        if column.name in header.places
    ]
    unsaid = _unsaid(header, rules)
    for record in found:
        stray = _stray_cells(record=record, header=header)
        if stray:
            yield None, [stray]
            continue
        values, problems = dict(unsaid), []
        for reader in readers:
            text = record.cells[reader.place] if reader.place < len(record.cells) else ""
            try:
                values[reader.column.name] = reader.read(text)
            except CellInvalid as error:
                problems.append(
                    RowProblem(
                        line=record.line,
                        column=reader.column.name,
                        reason=str(error),
                        given=text.strip()[:SHOWN],
                    )
                )
        yield (None if problems else Row(record.line, values)), problems


def decimal_texts(found: Sequence[Record], header: Header) -> list[str]:
    """Every cell that may tell which decimal mark the file has."""
    places = [
        header.places[column.name]
        for column in header.sheet.columns
        if column.kind.is_decimal and column.name in header.places
    ]
    cells = (record.cells[place] for record in found for place in places if place < len(record.cells))
    return [cell for cell in cells if cell and not isinstance(cell, PlainNumber)]


@dataclass(slots=True)
class _Reader:
    """Reads the cells of a column; what was read once is not read again."""

    column: Column
    place: int
    rules: Rules
    known: dict[str, Any]
    refused: dict[str, str]

    def __init__(self, column: Column, place: int, rules: Rules) -> None:
        self.column, self.place, self.rules, self.known, self.refused = column, place, rules, {}, {}

    def read(self, text: str) -> Any:
        """What the cell says. Raises `CellInvalid`."""
        if type(text) is str and text in self.known:
            return self.known[text]
        if isinstance(text, WrongCell):
            raise CellInvalid(text.reason)
        if type(text) is str and text in self.refused:
            raise CellInvalid(self.refused[text])
        try:
            value = self.column.kind.read(unguarded(text), self.rules)
        except CellInvalid as error:
            if type(text) is str and len(self.refused) < _REMEMBERED:
                self.refused[text] = str(error)
            raise
        if isinstance(value, Hashable) and type(text) is str and len(self.known) < _REMEMBERED:
            self.known[text] = value
        return value


def _unsaid(header: Header, rules: Rules) -> dict[str, Any]:
    """What the columns say that the file does not have."""
    values: dict[str, Any] = {}
    for column in header.sheet.columns:
        if column.name not in header.places:
            values[column.name] = column.kind.read("", rules)
    return values


def _stray_cells(*, record: Record, header: Header) -> RowProblem | None:
    """Something stands where the header has no column: most often a decimal comma between commas."""
    if len(record.cells) <= header.width and not header.nameless:
        return None
    beyond = record.cells[header.width :]
    nameless = [record.cells[place] for place in header.nameless if place < len(record.cells)]
    stray = [cell.strip() for cell in (*beyond, *nameless) if cell.strip()]
    if not stray:
        return None
    reason = (
        f"the row has {len(record.cells)} cells, the header names {len(header.places)} columns; "
        "a text or number that contains the delimiter must be in quotes"
    )
    return RowProblem(line=record.line, column="", reason=reason, given=header.delimiter.join(stray)[:SHOWN])
