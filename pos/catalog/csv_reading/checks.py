"""What no row can know alone: codes used twice, and rows of one thing that contradict each other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pos.catalog.barcodes import same_code
from pos.catalog.csv_reading.types import Row, RowProblem
from pos.catalog.sheets.columns import Column, Sheet

Key = Callable[[Row], Any]

_REPEATED = 40
"""A longer value is not repeated in a problem."""


def check_rows(sheet: Sheet, rows: Sequence[Row]) -> Iterator[RowProblem]:
    """The problems between rows, each naming both lines."""
    if sheet.name == "items":
        yield from _items(rows, sheet)
        return
    keys = [column.name for column in sheet.columns if column.key]
    if keys:
        yield from _repeated_keys(rows, keys)
    if sheet.levels and sheet.new is not None:
        shared = [column for column in sheet.at_level(0) if not column.key]
        owner = [column.name for column in sheet.at_level(0) if column.key]
        for group in _grouped(rows, lambda row: _folded(row[name] for name in owner)):
            yield from _contradictions(group, shared, "the same one")


def first_said(rows: Sequence[Row], column: str) -> tuple[Any, Row]:
    """What the rows of one thing say in a column that is about all of it, and the row that says so."""
    if len(rows) == 1:
        return rows[0][column], rows[0]
    said = next((row for row in rows if not _is_silent(row[column])), rows[0])
    return said[column], said


def _is_silent(value: Any) -> bool:
    """Whether a cell says nothing where another row of the same thing may."""
    return value is None or value in ("", [], ())


def _items(rows: Sequence[Row], sheet: Sheet) -> Iterator[RowProblem]:
    yield from _repeated(rows, column="sku", keys=lambda row: [(row["sku"].upper(), row["sku"])])
    yield from _repeated(
        rows,
        column="barcode",
        keys=lambda row: [(same_code(one["code"]), one["code"]) for one in row["barcode"]],
    )
    yield from _broken_pieces(rows)
    yield from _category_spellings(rows)
    shared = sorted(sheet.at_level(0), key=lambda column: column.name != "item")
    for group in _grouped(rows, item_key):
        yield from _contradictions(group, shared, "the same item")
        yield from _variants(group)


def item_key(row: Row) -> Any:
    """Rows of the same key are one item."""
    return row["item"].casefold()


def _folded(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(
        value.casefold()
        if isinstance(value, str)
        else tuple(part.casefold() for part in value)
        if isinstance(value, tuple)
        else value
        for value in values
    )


def _repeated_keys(rows: Iterable[Row], keys: Sequence[str]) -> Iterator[RowProblem]:
    first: dict[Any, int] = {}
    for row in rows:
        line = first.setdefault(_folded(row[name] for name in keys), row.line)
        if line != row.line:
            reason = f"the same {', '.join(keys)} is already in line {line}"
            yield RowProblem(line=row.line, column=keys[-1], reason=reason, given=_shown(row[keys[-1]]))


def _repeated(
    rows: Iterable[Row], *, column: str, keys: Callable[[Row], list[tuple[str, str]]]
) -> Iterator[RowProblem]:
    first: dict[str, int] = {}
    for row in rows:
        for key, given in keys(row):
            line = first.setdefault(key, row.line)
            if line != row.line:
                reason = f"is already used in line {line}"
                yield RowProblem(line=row.line, column=column, reason=reason, given=given)


def _broken_pieces(rows: Iterable[Row]) -> Iterator[RowProblem]:
    for row in rows:
        stock = row["opening_stock"]
        if row["unit"] == "each" and stock is not None and stock % 1:
            reason = "is not a whole number, but the unit is each"
            yield RowProblem(line=row.line, column="opening_stock", reason=reason, given=str(stock))


def _category_spellings(rows: Iterable[Row]) -> Iterator[RowProblem]:
    """`Hot drinks` and `Hot Drinks` would be two buttons side by side."""
    first: dict[tuple[str, ...], tuple[tuple[str, ...], int]] = {}
    right: set[tuple[str, ...]] = set()
    for row in rows:
        if row["category"] in right:
            continue
        wrong = False
        for depth in range(1, len(row["category"]) + 1):
            path = row["category"][:depth]
            key = tuple(name.casefold() for name in path)
            spelled, line = first.setdefault(key, (path, row.line))
            if spelled[-1] != path[-1]:
                wrong = True
                reason = f"is spelled {spelled[-1]!r} in line {line}"
                yield RowProblem(line=row.line, column="category", reason=reason, given=path[-1])
        if not wrong:
            right.add(row["category"])


def _grouped(rows: Iterable[Row], key: Key) -> Iterable[list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups.values()


def _contradictions(rows: Sequence[Row], columns: Sequence[Column], what: str) -> Iterator[RowProblem]:
    """What is said of the whole thing is said in one way; rows may leave it to another row."""
    for row in rows[1:]:
        for column in columns:
            said, where = first_said(rows, column.name)
            if row[column.name] == said or _is_silent(row[column.name]):
                continue
            reason = f"{what} has {_shown(said)!r} in line {where.line}"
            if len(_shown(said)) > _REPEATED:
                reason = f"{what} has another {column.name} in line {where.line}"
            yield RowProblem(line=row.line, column=column.name, reason=reason, given=_shown(row[column.name]))


def _variants(rows: Sequence[Row]) -> Iterator[RowProblem]:
    first: dict[str, int] = {}
    for row in rows:
        line = first.setdefault(row["variant"].casefold(), row.line)
        if line != row.line:
            what = "variant" if row["variant"] else "item without variants"
            reason = f"the same {what} is already in line {line}"
            given = row["variant"] or row["item"]
            yield RowProblem(line=row.line, column="variant", reason=reason, given=given)
        elif len(rows) > 1 and not row["variant"]:
            reason = "an item with several variants needs a name for each"
            yield RowProblem(line=row.line, column="variant", reason=reason, given="")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " > ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:80]
