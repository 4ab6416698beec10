"""Reading a file of stock row by row: nothing is kept but the row at hand, however long the file is.

Bytes, header and cells are read as those of the catalogue's files are (`pos.catalog.csv_reading`); there, rows are
compared with each other and kept, here they stream.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pos.catalog.csv_reading import CsvForm, Row, RowProblem
from pos.catalog.csv_reading.archives import SIGNATURE, WORKBOOK, csv_entries, open_archive
from pos.catalog.csv_reading.headers import Header, header_of, is_separator_line, read_header
from pos.catalog.csv_reading.numbers import decimal_mark_of
from pos.catalog.csv_reading.rows import decimal_texts, read_rows
from pos.catalog.csv_reading.text import Record, decode, records
from pos.catalog.csv_reading.types import unreadable
from pos.catalog.csv_reading.workbooks import read_workbook
from pos.catalog.sheets.columns import Rules, Sheet

MAX_ROWS: Final = 200_000
PIECE: Final = 2_000
"""Rows that are looked at together."""
Found = Iterator[Record | RowProblem]
Read = tuple[Row | None, list[RowProblem]]


@dataclass(frozen=True, slots=True)
class StockTable:
    """A table whose rows can be read more than once; each time from the beginning."""

    header: Header
    open: Callable[[], Found]

    def pieces(self, *, currency: str, decimal: str) -> Iterator[list[Read]]:
        """Rows, or what is wrong with them, some thousand at a time. Raises `FileUnreadable` where it ends."""
        rows = self._rows(currency, decimal)
        while piece := list(islice(rows, PIECE)):
            yield piece

    def _rows(self, currency: str, decimal: str) -> Iterator[Read]:
        """Rows through one reader of cells, which remembers what it has read."""
        header = self.header
        if not header.is_complete:
            return
        mark = decimal_mark_of(self._decimals()) if decimal == "auto" else decimal
        rules = Rules(currency=currency, decimal_mark=mark)
        wrong: list[RowProblem] = []

        def right() -> Iterator[Record]:
            for one in self._below():
                if isinstance(one, Record):
                    yield one
                else:
                    wrong.append(one)

        for read in read_rows(found=right(), header=header, rules=rules):
            yield read
            while wrong:
                yield None, [wrong.pop(0)]
        while wrong:
            yield None, [wrong.pop(0)]

    def _below(self) -> Found:
        seen = 0
        for one in self.open():
            if one.line > self.header.line:
                seen += 1
                if seen > MAX_ROWS:
                    raise unreadable(f"the file has more than {MAX_ROWS} rows; divide it")
                yield one
        if not seen:
            raise unreadable("there is no row below the header", line=self.header.line)

    def _decimals(self) -> Iterator[str]:
        found = (one for one in self._below() if isinstance(one, Record))
        while piece := list(islice(found, PIECE)):
            yield from decimal_texts(piece, self.header)


def open_table(*, data: bytes, form: CsvForm, sheet: Sheet) -> StockTable:
    """The one table of a file. Raises `FileUnreadable`."""
    if not data.startswith(SIGNATURE):
        return _csv(data, form, sheet)
    archive = open_archive(data)
    if WORKBOOK not in archive.namelist():
        entries = csv_entries(archive)
        if len(entries) > 1:
            raise unreadable("the ZIP file packs several files; send each by itself")
        return _csv(entries[0][1], form, sheet)
    return _workbook(data, sheet)


def _csv(data: bytes, form: CsvForm, sheet: Sheet) -> StockTable:
    text, _ = decode(data=data, encoding=form.encoding)
    delimiter = "\t" if form.delimiter == "tab" else form.delimiter
    header = read_header(text=text, delimiter=delimiter, sheet=sheet)
    return StockTable(header, lambda: records(text=text, delimiter=header.delimiter))


def _workbook(data: bytes, sheet: Sheet) -> StockTable:
    """The one tab that is not empty."""
    filled: list[tuple[str, Record]] = []
    for name, found in read_workbook(open_archive(data)):
        first = _first(found)
        if first is not None:
            filled.append((name, first))
    if not filled:
        raise unreadable("the workbook is empty")
    if len(filled) > 1:
        names = ", ".join(repr(name[:40]) for name, _ in filled[:5])
        raise unreadable(f"the workbook has several tabs that hold something ({names}); keep one")
    tab, first = filled[0]
    header = header_of(record=first, delimiter=";", sheet=sheet)
    if not header.places:
        reason = f"the first line names no known column; the columns are {', '.join(sheet.names)}"
        raise unreadable(reason, line=first.line)

    def again() -> Found:
        for name, found in read_workbook(open_archive(data)):
            if name == tab:
                yield from found
                return

    return StockTable(header, again)


def _first(found: Iterable[Record]) -> Record | None:
    for record in found:
        if not is_separator_line(record.cells, ";"):
            return record
    return None
