"""Reading a merchant's catalogue file: bytes in, typed rows and all problems out. Pure; nothing is saved.

    catalog = read_catalog(data=…, currency="EUR", tax_classes={"standard", "reduced"})

The file is CSV as spreadsheets write it: UTF-8, UTF-16 or Windows-1252; semicolon, comma or tab; decimal comma
or point. Columns and their other names are in `headers`.
"""

from collections.abc import Collection

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
    Problems,
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
    problems = Problems(MAX_PROBLEMS)
    rows: list[CatalogRow] = []
    encoding, delimiter, columns = "", "", frozenset[str]()
    try:
        text, encoding = decode(data=data, encoding=form.encoding)
        header = read_header(text=text, delimiter="\t" if form.delimiter == "tab" else form.delimiter)
        delimiter, columns = header.delimiter, frozenset(header.places)
        problems.add(header.problems)
        found = _records(text=text, header=header, problems=problems)
        if header.is_complete:
            rows = _rows(
                found, header=header, form=form, currency=currency, tax_classes=tax_classes, problems=problems
            )
            problems.add(check_rows(rows))
    except FileUnreadable as error:
        problems.add([error.problem])
    return CatalogFile(
        rows=tuple(rows),
        problems=problems.first(),
        problem_count=problems.count,
        encoding=encoding,
        delimiter=delimiter,
        columns=columns,
    )


def _records(*, text: str, header: Header, problems: Problems) -> list[Record]:
    """The rows below the header; those whose quotes are wrong become problems. Raises `FileUnreadable`."""
    below = (one for one in records(text=text, delimiter=header.delimiter) if one.line > header.line)
    found: list[Record] = []
    seen = 0
    for seen, one in enumerate(below, start=1):
        if seen > MAX_ROWS:
            reason = f"the file has more than {MAX_ROWS} rows; divide it"
            raise FileUnreadable(RowProblem(line=WHOLE_FILE, column="", reason=reason, given=""))
        if isinstance(one, Record):
            found.append(one)
        else:
            problems.add([one])
    if not seen:
        reason = "there is no row below the header"
        problems.add([RowProblem(line=header.line, column="", reason=reason, given="")])
    return found


def _rows(
    found: list[Record],
    *,
    header: Header,
    form: CsvForm,
    currency: str,
    tax_classes: Collection[str],
    problems: Problems,
) -> list[CatalogRow]:
    mark = decimal_mark_of(_numbers(found, header)) if form.decimal == "auto" else form.decimal
    columns = readers(Rules(currency=currency, tax_classes=tax_classes, decimal_mark=mark))
    rows: list[CatalogRow] = []
    for record in found:
        row, row_problems = read_row(record=record, header=header, columns=columns)
        problems.add(row_problems)
        if row:
            rows.append(row)
    return rows


def _numbers(found: list[Record], header: Header) -> list[str]:
    places = [header.places[column] for column in NUMBER_COLUMNS if column in header.places]
    return [record.cells[place] for record in found for place in places if place < len(record.cells)]
