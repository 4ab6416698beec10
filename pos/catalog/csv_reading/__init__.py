"""Reading a merchant's catalogue file: bytes in, typed rows and all problems out. Pure; nothing is saved.

    catalog = read_catalog(data=…, currency="EUR", tax_classes={"standard", "reduced"})

The file is CSV as spreadsheets write it: UTF-8, UTF-16 or Windows-1252; semicolon, comma or tab; decimal comma
or point. Columns and their other names are in `headers`.
"""

from collections.abc import Collection
from itertools import islice

from fynlo.core.money import exponent
from pos.catalog.csv_reading.checks import check_rows
from pos.catalog.csv_reading.headers import Header, read_header
from pos.catalog.csv_reading.numbers import decimal_mark_of
from pos.catalog.csv_reading.rows import Rules, read_row, readers
from pos.catalog.csv_reading.text import Record, decode, records
from pos.catalog.csv_reading.types import (
    UNITS,
    WHOLE_FILE,
    CatalogFile,
    CatalogRow,
    CsvForm,
    FileUnreadable,
    RowProblem,
)

__all__ = ["UNITS", "CatalogFile", "CatalogRow", "CsvForm", "RowProblem", "read_catalog"]

MAX_ROWS = 100_000
MAX_PROBLEMS = 1_000
NUMBER_COLUMNS = ("price", "opening_stock")


def read_catalog(
    *, data: bytes, currency: str, tax_classes: Collection[str], form: CsvForm | None = None
) -> CatalogFile:
    """Read a whole file. Never raises for what is in it: everything wrong is a problem with its line.

    Prices are in `currency`; `tax_classes` are the codes the merchant has. Raises only `UnknownCurrency`.
    """
    exponent(currency)
    form = form or CsvForm()
    encoding, header = "", None
    try:
        text, encoding = decode(data=data, encoding=form.encoding)
        header = read_header(text=text, delimiter="\t" if form.delimiter == "tab" else form.delimiter)
    except FileUnreadable as error:
        return _result(rows=[], problems=[error.problem], encoding=encoding, header=None)
    found, problems = _records(text=text, header=header)
    problems += header.problems
    if not header.is_complete:
        return _result(rows=[], problems=problems, encoding=encoding, header=header)
    mark = decimal_mark_of(_numbers(found, header)) if form.decimal == "auto" else form.decimal
    columns = readers(Rules(currency=currency, tax_classes=tax_classes, decimal_mark=mark))
    rows: list[CatalogRow] = []
    for record in found:
        row, row_problems = read_row(record=record, header=header, columns=columns)
        problems += row_problems
        if row:
            rows.append(row)
    problems += check_rows(rows)
    return _result(rows=rows, problems=problems, encoding=encoding, header=header)


def _records(*, text: str, header: Header) -> tuple[list[Record], list[RowProblem]]:
    """The rows below the header, and the problems of those whose quotes are wrong or that are too many."""
    below = (one for one in records(text=text, delimiter=header.delimiter) if one.line > header.line)
    found: list[Record] = []
    problems: list[RowProblem] = []
    for one in islice(below, MAX_ROWS + 1):
        if isinstance(one, Record):
            found.append(one)
        else:
            problems.append(one)
    if len(found) + len(problems) > MAX_ROWS:
        reason = f"the file has more than {MAX_ROWS} rows; divide it"
        return [], [RowProblem(line=WHOLE_FILE, column="", reason=reason, given="")]
    if not found and not problems:
        problems.append(
            RowProblem(line=header.line, column="", reason="there is no row below the header", given="")
        )
    return found, problems


def _numbers(found: list[Record], header: Header) -> list[str]:
    places = [header.places[column] for column in NUMBER_COLUMNS if column in header.places]
    return [record.cells[place] for record in found for place in places if place < len(record.cells)]


def _result(
    *, rows: list[CatalogRow], problems: list[RowProblem], encoding: str, header: Header | None
) -> CatalogFile:
    in_order = sorted(problems, key=lambda problem: problem.line)
    return CatalogFile(
        rows=tuple(rows),
        problems=tuple(in_order[:MAX_PROBLEMS]),
        problem_count=len(in_order),
        encoding=encoding,
        delimiter=header.delimiter if header else "",
        columns=frozenset(header.places if header else ()),
    )
