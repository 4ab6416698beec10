"""A whole file: which format, which sheets, then every row and everything wrong with any of them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from fynlo.core.money import exponent
from pos.catalog.csv_reading.archives import SIGNATURE, WORKBOOK, csv_entries, open_archive
from pos.catalog.csv_reading.checks import check_rows
from pos.catalog.csv_reading.headers import (
    Header,
    header_of,
    is_separator_line,
    named_sheet,
    read_header,
    sheet_of,
)
from pos.catalog.csv_reading.numbers import decimal_mark_of
from pos.catalog.csv_reading.rows import decimal_texts, read_rows
from pos.catalog.csv_reading.text import Record, decode, records
from pos.catalog.csv_reading.types import (
    CatalogFile,
    CsvForm,
    FileUnreadable,
    Problems,
    Row,
    RowProblem,
    SheetRows,
    unreadable,
)
from pos.catalog.csv_reading.workbooks import read_workbook
from pos.catalog.sheets.columns import Rules, Sheet
from pos.catalog.sheets.declared import BY_NAME, SHEETS

MAX_ROWS: Final = 200_000
"""Rows of one sheet: twice what is promised, so that the export of a grown catalogue can be imported."""
MAX_CELLS: Final = 8_000_000
"""Of all sheets together, the empty ones between others included: more than 200,000 rows of all columns have."""
MAX_PROBLEMS: Final = 1_000
_ORDER: Final = {sheet.name: place for place, sheet in enumerate(SHEETS)}


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of the file before its cells are read."""

    header: Header
    found: Iterable[Record | RowProblem]
    encoding: str = ""


def read_catalog(
    *,
    data: bytes,
    currency: str,
    tax_classes: Collection[str] | None = None,
    form: CsvForm | None = None,
    sheet: str = "",
) -> CatalogFile:
    """Read a whole file. Never raises for what is in it: everything wrong is a problem with its line.

    Prices are in `currency`; `tax_classes` are the codes the merchant has (None: not looked at). `sheet` says
    what a single CSV file is, if its header shall not decide. Raises only `UnknownCurrency`.
    """
    exponent(currency)
    reading = _Reading(currency, tax_classes, form or CsvForm())
    try:
        tables = list(_tables(data, form or CsvForm(), BY_NAME.get(sheet)))
        reading.tells_sheets = len(tables) > 1
        for table in sorted(tables, key=lambda table: _ORDER[table.header.sheet.name]):
            reading.take(table)
    except FileUnreadable as error:
        reading.problems.add([error.problem])
    return reading.file()


class _Reading:
    """Collects the sheets of a file and all problems."""

    def __init__(self, currency: str, tax_classes: Collection[str] | None, form: CsvForm) -> None:
        self.currency, self.form = currency, form
        self.tax_classes = None if tax_classes is None else set(tax_classes)
        self.problems = Problems(MAX_PROBLEMS)
        self.sheets: list[SheetRows] = []
        self.encoding, self.delimiter = "", ""
        self.tells_sheets = False
        self.cells = 0

    def take(self, table: _Table) -> None:
        """Read one sheet. Raises `FileUnreadable` past which nothing of it can be read."""
        header = table.header
        self.encoding, self.delimiter = table.encoding, header.delimiter
        self._add(header, header.problems)
        found = self._records(table)
        rows = self._rows(found, header) if header.is_complete else []
        self._add(header, check_rows(header.sheet, rows))
        if header.sheet.name == "tax_classes" and self.tax_classes is not None:
            self.tax_classes.update(row["code"] for row in rows)
        self.sheets.append(
            SheetRows(sheet=header.sheet.name, rows=tuple(rows), columns=frozenset(header.places))
        )

    def file(self) -> CatalogFile:
        """Everything that was read."""
        return CatalogFile(
            sheets=tuple(self.sheets),
            problems=self.problems.first(),
            problem_count=self.problems.count,
            encoding=self.encoding,
            delimiter=self.delimiter,
        )

    def _add(self, header: Header, problems: Iterable[RowProblem]) -> None:
        name = header.sheet.name if self.tells_sheets else ""
        self.problems.add(replace(problem, sheet=name) if name else problem for problem in problems)

    def _records(self, table: _Table) -> list[Record]:
        """The rows below the header; those whose quotes are wrong become problems. Raises `FileUnreadable`."""
        header = table.header
        found: list[Record] = []
        seen = 0
        for one in table.found:
            if one.line <= header.line:
                continue
            seen += 1
            if seen > MAX_ROWS:
                raise unreadable(f"the file has more than {MAX_ROWS} rows; divide it")
            if isinstance(one, Record):
                self._count(one)
                found.append(one)
            else:
                self._add(header, [one])
        if not seen and not self.tells_sheets:
            reason = "there is no row below the header"
            self._add(header, [RowProblem(line=header.line, column="", reason=reason, given="")])
        return found

    def _count(self, record: Record) -> None:
        self.cells += len(record.cells)
        if self.cells > MAX_CELLS:
            raise unreadable(f"the file has more than {MAX_CELLS} cells, empty ones included; divide it")

    def _rows(self, found: list[Record], header: Header) -> list[Row]:
        mark = (
            decimal_mark_of(decimal_texts(found, header))
            if self.form.decimal == "auto"
            else self.form.decimal
        )
        rules = Rules(currency=self.currency, tax_classes=self.tax_classes, decimal_mark=mark)
        rows: list[Row] = []
        for row, problems in read_rows(found=found, header=header, rules=rules):
            self._add(header, problems)
            if row is not None:
                rows.append(row)
        return rows


def _tables(data: bytes, form: CsvForm, sheet: Sheet | None) -> Iterator[_Table]:
    """The sheets of a file, whatever its format. Raises `FileUnreadable`."""
    if not data.startswith(SIGNATURE):
        yield _csv(data, form, sheet)
        return
    archive = open_archive(data)
    seen: set[str] = set()
    tables: Iterator[_Table]
    if WORKBOOK in archive.namelist():
        tables = filter(None, (_tab(name, found) for name, found in read_workbook(archive)))
    else:
        tables = (_entry(name, content, form) for name, content in csv_entries(archive))
    for table in tables:
        if table.header.sheet.name in seen:
            raise unreadable(f"the sheet {table.header.sheet.name} is in the file twice")
        seen.add(table.header.sheet.name)
        yield table
    if not seen:
        raise unreadable("the workbook is empty")


def _csv(data: bytes, form: CsvForm, sheet: Sheet | None) -> _Table:
    text, encoding = decode(data=data, encoding=form.encoding)
    header = read_header(
        text=text, delimiter="\t" if form.delimiter == "tab" else form.delimiter, sheet=sheet
    )
    return _Table(header, records(text=text, delimiter=header.delimiter), encoding)


def _entry(name: str, content: bytes, form: CsvForm) -> _Table:
    try:
        return _csv(content, form, named_sheet(name))
    except FileUnreadable as error:
        raise FileUnreadable(replace(error.problem, sheet=name[:80])) from None


def _tab(name: str, found: Iterator[Record]) -> _Table | None:
    """A tab with its header; None for an empty one. A tab that is no sheet is refused, so that nothing is lost."""
    first = next(found, None)
    if first is not None and is_separator_line(first.cells, ";"):
        first = next(found, None)
    if first is None:
        return None
    sheet = named_sheet(name) or sheet_of(first.cells)
    header = header_of(record=first, delimiter=";", sheet=sheet)
    if named_sheet(name) is None and not header.is_complete:
        reason = (
            f"the tab {name[:40]!r} is no sheet that can be imported; remove it, or call it one of "
            f"{', '.join(BY_NAME)}"
        )
        raise unreadable(reason)
    return _Table(header, chain(found))
