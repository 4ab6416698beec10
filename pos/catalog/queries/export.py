"""The whole catalogue as a file. It is of one moment: read again if the catalogue changed meanwhile."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Final
from uuid import UUID

from pos.catalog.documents.reading import read_documents
from pos.catalog.exporting.rows import rows_of, written_columns
from pos.catalog.exporting.writers import Table, write_csv, write_workbook, write_zip
from pos.catalog.models import ComboSlot, GroupUse, PriceListEntry
from pos.catalog.queries.lists import revision
from pos.catalog.queries.snapshot import read_names
from pos.catalog.sheets.columns import Document, Sheet
from pos.catalog.sheets.declared import BY_NAME, SHEETS
from pos.catalog.sheets.names import Names

FORMATS: Final = ("csv", "xlsx")
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BATCH: Final = 2_000
_TRIES: Final = 5


def export_catalog(*, file_format: str, sheet: str | None = None) -> tuple[bytes, str]:
    """The file and what it is: `csv` (one sheet), `zip` (CSV of all sheets) or `xlsx`.

    Raises KeyError for a sheet that is not declared.
    """
    for _ in range(_TRIES):
        before = revision()
        out = io.BytesIO()
        kind = write_export(out, file_format=file_format, sheet=sheet)
        if revision() == before:
            break
    return out.getvalue(), kind


def write_export(out: BinaryIO, *, file_format: str, sheet: str | None = None) -> str:
    """Write the file to `out` a batch at a time; returns what it is."""
    sheets = SHEETS if sheet is None else (BY_NAME[sheet],)
    names = read_names()
    tables = (_table(each, names) for each in sheets)
    if file_format == "xlsx":
        write_workbook(out, tables)
        return "xlsx"
    if sheet is not None:
        write_csv(out, next(tables))
        return "csv"
    write_zip(out, tables)
    return "zip"


def _table(sheet: Sheet, names: Names) -> Table:
    titles = [column.name for column in written_columns(sheet)]
    return sheet.name, titles, rows_of(sheet, _documents(sheet, names), names)


def _documents(sheet: Sheet, names: Names) -> Iterable[Document]:
    """The documents of a sheet in the order of their rows."""
    if sheet.kind == "item":
        return _items(names, _OWNERS[sheet.name](names) if sheet.name in _OWNERS else names.items)
    found: Sequence[dict[str, Any]] = list(read_documents(kind=sheet.kind).values())
    order = sheet.order
    return found if order is None else sorted(found, key=lambda document: order(document, names))


def _items(names: Names, keys: Collection[str]) -> Iterator[Document]:
    """Items by category, then by name, some at a time."""
    ordered = sorted(
        keys, key=lambda key: (names.paths.get(names.items[key][0], ()), names.items[key][1], key)
    )
    for start in range(0, len(ordered), _BATCH):
        batch = [UUID(key) for key in ordered[start : start + _BATCH]]
        found = read_documents(kind="item", ids=batch)
        yield from (found[key] for key in batch if key in found)


def _with_groups(names: Names) -> set[str]:
    """The items that modifier groups are offered with."""
    found = GroupUse.objects.filter(item__isnull=False).order_by().values_list("item_id", flat=True)
    return {str(key) for key in found.distinct()} & names.items.keys()


def _with_slots(names: Names) -> set[str]:
    """The combos."""
    found = ComboSlot.objects.order_by().values_list("item_id", flat=True)
    return {str(key) for key in found.distinct()} & names.items.keys()


def _with_prices(names: Names) -> set[str]:
    """The items that have, or a variant of which has, a price in a list."""
    found = PriceListEntry.objects.filter(category=None).order_by().values_list("item_id", "variant_id")
    owners = {
        str(item) if item is not None else names.item_of.get(str(variant), "") for item, variant in found
    }
    return owners & names.items.keys()


_OWNERS: Final[dict[str, Callable[[Names], Collection[str]]]] = {
    "item_modifiers": _with_groups,
    "combos": _with_slots,
    "prices": _with_prices,
}
"""The items that have rows on a sheet of items' details: reading the others again would be most of the work."""
