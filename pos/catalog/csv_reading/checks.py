"""What no row can know alone: codes used twice, and rows of one item that contradict each other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pos.catalog.barcodes import same_code
from pos.catalog.csv_reading.types import CatalogRow, RowProblem

ITEM_FACTS: tuple[tuple[str, Callable[[CatalogRow], Any]], ...] = (
    ("item", lambda row: row.item),
    ("category", lambda row: row.category),
    ("tax_class", lambda row: row.tax_class),
    ("unit", lambda row: row.unit),
)


def check_rows(rows: Sequence[CatalogRow]) -> Iterator[RowProblem]:
    """The problems between rows, each naming both lines."""
    yield from _repeated(rows, column="sku", keys=lambda row: [(row.sku.upper(), row.sku)])
    yield from _repeated(
        rows, column="barcode", keys=lambda row: [(same_code(code), code) for code in row.barcodes]
    )
    yield from _broken_pieces(rows)
    yield from _category_spellings(rows)
    for item_rows in _by_item(rows):
        yield from _contradictions(item_rows)
        yield from _variants(item_rows)


def _repeated(
    rows: Iterable[CatalogRow], *, column: str, keys: Callable[[CatalogRow], list[tuple[str, str]]]
) -> Iterator[RowProblem]:
    first: dict[str, int] = {}
    for row in rows:
        for key, given in keys(row):
            line = first.setdefault(key, row.line)
            if line != row.line:
                yield RowProblem(
                    line=row.line, column=column, reason=f"is already used in line {line}", given=given
                )


def _broken_pieces(rows: Iterable[CatalogRow]) -> Iterator[RowProblem]:
    for row in rows:
        stock = row.opening_stock
        if row.unit == "each" and stock is not None and stock % 1:
            reason = "is not a whole number, but the unit is each"
            yield RowProblem(line=row.line, column="opening_stock", reason=reason, given=str(stock))


def _category_spellings(rows: Iterable[CatalogRow]) -> Iterator[RowProblem]:
    """`Hot drinks` and `Hot Drinks` would be two buttons side by side."""
    first: dict[tuple[str, ...], tuple[tuple[str, ...], int]] = {}
    for row in rows:
        for depth in range(1, len(row.category) + 1):
            path = row.category[:depth]
            key = tuple(name.casefold() for name in path)
            spelled, line = first.setdefault(key, (path, row.line))
            if spelled[-1] != path[-1]:
                reason = f"is spelled {spelled[-1]!r} in line {line}"
                yield RowProblem(line=row.line, column="category", reason=reason, given=path[-1])


def _by_item(rows: Iterable[CatalogRow]) -> Iterable[list[CatalogRow]]:
    items: dict[str, list[CatalogRow]] = {}
    for row in rows:
        items.setdefault(row.item.casefold(), []).append(row)
    return items.values()


def _contradictions(rows: Sequence[CatalogRow]) -> Iterator[RowProblem]:
    """An item is in one category, has one tax class and one unit."""
    first = rows[0]
    described = next((row for row in rows if row.description), first)
    for row in rows[1:]:
        for column, fact in ITEM_FACTS:
            if fact(row) != fact(first):
                reason = f"the same item has {_shown(fact(first))!r} in line {first.line}"
                yield RowProblem(line=row.line, column=column, reason=reason, given=_shown(fact(row)))
        if row.description and row.description != described.description:
            reason = f"the same item has another description in line {described.line}"
            yield RowProblem(line=row.line, column="description", reason=reason, given=row.description[:80])


def _variants(rows: Sequence[CatalogRow]) -> Iterator[RowProblem]:
    first: dict[str, int] = {}
    for row in rows:
        line = first.setdefault(row.variant.casefold(), row.line)
        if line != row.line:
            what = "variant" if row.variant else "item without variants"
            reason = f"the same {what} is already in line {line}"
            yield RowProblem(line=row.line, column="variant", reason=reason, given=row.variant or row.item)
        elif len(rows) > 1 and not row.variant:
            reason = "an item with several variants needs a name for each"
            yield RowProblem(line=row.line, column="variant", reason=reason, given="")


def _shown(value: object) -> str:
    return " > ".join(value) if isinstance(value, tuple) else str(value)
