"""A recall as a CSV file (RFC 4180): a row for everything that happened to the lot. Pure."""

import io
from typing import Any, Final

from fynlo.core.characters import printable
from fynlo.core.clock import rfc3339
from pos.catalog.exporting.rows import guarded
from pos.catalog.exporting.writers import write_csv
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.recalls import Recall, RecallRow

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
INCOMPLETE: Final = "Only the first {count} rows are in this file; more happened after them."
COLUMNS: Final = (
    "group",
    "kind",
    "lot",
    "sku",
    "name",
    "quantity",
    "unit",
    "at",
    "business_date",
    "location",
    "order_number",
    "order_id",
    "sold_as",
    "register",
    "employee",
    "document_number",
    "supplier",
    "reason",
    "is_lot_inferred",
)


def recall_csv(*, found: Recall) -> bytes:
    """The rows, then what is left (`group` is `left`). What a spreadsheet would calculate is written as text.

    When rows were left out, the first one says so (`group` is `incomplete`).
    """
    out = io.BytesIO()
    rows = []
    if found.has_more:
        said = {"group": "incomplete", "reason": INCOMPLETE.format(count=len(found.rows))}
        rows.append([said.get(name, "") for name in COLUMNS])
    rows += [[_cell(row, name) for name in COLUMNS] for row in found.rows]
    for lot in found.lots:
        for there in lot.left:
            said = {
                "group": "left",
                "lot": lot.code,
                "sku": lot.sku,
                "name": lot.name,
                "quantity": plain_quantity(there.on_hand),
                "unit": lot.unit,
                "location": there.location,
            }
            rows.append([_text(said.get(name, "")) for name in COLUMNS])
    write_csv(out, ("recall", COLUMNS, rows))
    return out.getvalue()


def _cell(row: RecallRow, name: str) -> str:
    value: Any = getattr(row, name)
    if name == "quantity":
        return plain_quantity(value)
    if name == "at":
        return rfc3339(value)
    if name == "is_lot_inferred":
        return "yes" if value else ""
    return "" if value is None else _text(str(value))


def _text(text: str) -> str:
    """Numbers below zero stay numbers."""
    return text if _is_number(text) else guarded(printable(text))


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
