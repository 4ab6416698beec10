"""From a record to a typed row: every cell is looked at, so that all problems of a row are told at once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from pos.catalog.csv_reading import cells
from pos.catalog.csv_reading.headers import Header
from pos.catalog.csv_reading.text import Record
from pos.catalog.csv_reading.types import CatalogRow, RowProblem

MAX_CATEGORY_NAME = 120
MAX_ITEM_NAME = 160
MAX_VARIANT_NAME = 120
MAX_SKU = 64
MAX_DESCRIPTION = 2000
SHOWN = 80
"""So much of a wrong cell is repeated in its problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the cells of a file are measured by."""

    currency: str
    tax_classes: Collection[str]
    decimal_mark: str


Readers = dict[str, tuple[str, Callable[[str], Any]]]
"""For each column, the field of `CatalogRow` it fills and how its cells are read."""


def readers(rules: Rules) -> Readers:
    """How each column is read under these rules."""
    return {
        "category": ("category", partial(cells.read_category, longest=MAX_CATEGORY_NAME)),
        "item": ("item", partial(cells.read_text, longest=MAX_ITEM_NAME, needed=True)),
        "variant": ("variant", partial(cells.read_text, longest=MAX_VARIANT_NAME, needed=False)),
        "sku": ("sku", partial(cells.read_text, longest=MAX_SKU, needed=True)),
        "barcode": ("barcodes", cells.read_barcodes),
        "price": (
            "price_minor",
            partial(cells.read_price, currency=rules.currency, mark=rules.decimal_mark),
        ),
        "tax_class": ("tax_class", partial(cells.read_tax_class, known=rules.tax_classes)),
        "unit": ("unit", cells.read_unit),
        "active": ("is_active", cells.read_active),
        "description": (
            "description",
            partial(cells.read_text, longest=MAX_DESCRIPTION, needed=False, keep_lines=True),
        ),
        "opening_stock": ("opening_stock", partial(cells.read_stock, mark=rules.decimal_mark)),
    }


def read_row(
    *, record: Record, header: Header, columns: Readers
) -> tuple[CatalogRow | None, list[RowProblem]]:
    """The row of a record, or the problems that keep it from being one."""
    stray = _stray_cells(record=record, header=header)
    if stray:
        return None, [stray]
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for column, (field, read) in columns.items():
        place = header.places.get(column, header.width)
        text = record.cells[place] if place < len(record.cells) else ""
        try:
            values[field] = read(text)
        except cells.CellInvalid as error:
            given = text.strip()[:SHOWN]
            problems.append(RowProblem(line=record.line, column=column, reason=str(error), given=given))
    return (None if problems else CatalogRow(line=record.line, **values)), problems


def _stray_cells(*, record: Record, header: Header) -> RowProblem | None:
    """Something stands where the header has no column: most often a decimal comma between commas."""
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
