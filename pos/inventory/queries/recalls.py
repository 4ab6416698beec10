"""A recall: where a lot came from, what was made with it, who bought it, and what is left where.

Beginning with the lots that are asked for, the search follows productions downstream: a lot that was made with a
wanted one is wanted too. What was made without a lot is told, and where its trail ends. Two statements, by the
index of movements' lots and the one of their documents; order and supplier tables are read here by name, because
their rooms are above this one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.inventory.models import StockLot

GROUPS: Final = ("receipts", "productions", "sales", "transfers", "others")
MOST_ROWS: Final = 100_000

# The planner does not know how few lots are wanted, and would read the whole ledger: `OFFSET 0` keeps it to looking
# each of them up by the index.
_RECALL: Final = """
WITH RECURSIVE wanted (lot_id) AS (
    SELECT unnest(%(lots)s::uuid[])
    UNION
    SELECT made.lot_id FROM wanted
    CROSS JOIN LATERAL (SELECT moved.document_id FROM pos_stockmovement AS moved
        WHERE moved.lot_id = wanted.lot_id AND moved.kind = 'production' AND moved.quantity < 0 OFFSET 0) AS used
    CROSS JOIN LATERAL (SELECT moved.lot_id FROM pos_stockmovement AS moved
        WHERE moved.document_id = used.document_id AND moved.kind = 'production' AND moved.quantity > 0
            AND moved.lot_id IS NOT NULL OFFSET 0) AS made
), document AS (
    SELECT DISTINCT used.document_id FROM wanted
    CROSS JOIN LATERAL (SELECT moved.document_id FROM pos_stockmovement AS moved
        WHERE moved.lot_id = wanted.lot_id AND moved.kind = 'production' OFFSET 0) AS used
), found AS (
    SELECT own.* FROM wanted CROSS JOIN LATERAL (SELECT moved.* FROM pos_stockmovement AS moved
        WHERE moved.lot_id = wanted.lot_id AND moved.kind <> 'revaluation' OFFSET 0) AS own
    UNION
    SELECT other.* FROM document CROSS JOIN LATERAL (SELECT moved.* FROM pos_stockmovement AS moved
        WHERE moved.document_id = document.document_id AND moved.kind = 'production' OFFSET 0) AS other
), captured AS (
    SELECT line.id, line.order_id, line.variant_id, line.quantity FROM pos_orderline AS line
    WHERE line.lot = %(lot)s AND line.lot <> '' AND line.variant_id = ANY(%(variants)s::uuid[])
    UNION
    SELECT line.id, line.order_id, line.variant_id, line.quantity FROM pos_orderline AS line
    WHERE line.serial = %(serial)s AND line.serial <> ''
        AND (%(variants)s::uuid[] = '{}' OR line.variant_id = ANY(%(variants)s::uuid[]))
), told AS (
    SELECT found.id, found.kind, found.lot_id, found.variant_id, found.location_id, found.quantity, found.at,
        found.business_date, found.order_id, found.order_line_id, found.document_id, found.employee_id,
        found.reason, found.is_lot_inferred
    FROM found
    UNION ALL
    SELECT captured.id, 'sale', NULL, captured.variant_id, sold.location_id, -captured.quantity, sold.placed_at,
        sold.business_date, sold.id, captured.id, NULL, sold.employee_id, '', FALSE
    FROM captured JOIN pos_order AS sold ON sold.id = captured.order_id
    WHERE NOT EXISTS (SELECT FROM pos_stockmovement AS moved
        WHERE moved.order_line_id = captured.id AND moved.variant_id = captured.variant_id
            AND moved.lot_id IS NOT NULL)
), page AS (
    SELECT * FROM told ORDER BY told.at, told.id LIMIT %(limit)s
)
SELECT told.id, CASE WHEN told.kind IN ('sale', 'return') THEN 'sales'
        WHEN told.kind IN ('purchase', 'purchase_return', 'opening') THEN 'receipts'
        WHEN told.kind = 'production' THEN 'productions'
        WHEN told.kind IN ('transfer_out', 'transfer_in') THEN 'transfers' ELSE 'others' END,
    told.kind, told.lot_id, COALESCE(lot.code, ''), told.variant_id, COALESCE(variant.sku, line.sku, ''),
    COALESCE(concat_ws(', ', item.name, NULLIF(variant.name, '')), ''), COALESCE(item.unit, line.unit, ''),
    told.quantity, told.at, told.business_date, told.location_id, location.name, told.order_id, sold.number,
    told.order_line_id, COALESCE(line.name, ''), COALESCE(register.code, ''),
    COALESCE(NULLIF(sold.employee_name, ''), employee.name, ''), told.document_id,
    COALESCE(receipt.number, sent.number::text, ''), COALESCE(supplier.name, ''), told.reason,
    told.is_lot_inferred
FROM page AS told
JOIN pos_location AS location ON location.id = told.location_id
LEFT JOIN pos_stocklot AS lot ON lot.id = told.lot_id
LEFT JOIN pos_variant AS variant ON variant.id = told.variant_id
LEFT JOIN pos_item AS item ON item.id = variant.item_id
LEFT JOIN pos_orderline AS line ON line.id = told.order_line_id
LEFT JOIN pos_order AS sold ON sold.id = COALESCE(told.order_id, line.order_id)
LEFT JOIN pos_register AS register ON register.id = sold.register_id
LEFT JOIN staff_employee AS employee ON employee.id = told.employee_id
LEFT JOIN pos_goodsreceipt AS receipt ON receipt.id = told.document_id
LEFT JOIN pos_supplier AS supplier ON supplier.id = receipt.supplier_id
LEFT JOIN pos_stocktransfer AS sent ON sent.id = told.document_id
ORDER BY told.at, told.id
"""
_STOCK: Final = """
WITH RECURSIVE wanted (lot_id) AS (
    SELECT unnest(%(lots)s::uuid[])
    UNION
    SELECT made.lot_id FROM wanted
    CROSS JOIN LATERAL (SELECT moved.document_id FROM pos_stockmovement AS moved
        WHERE moved.lot_id = wanted.lot_id AND moved.kind = 'production' AND moved.quantity < 0 OFFSET 0) AS used
    CROSS JOIN LATERAL (SELECT moved.lot_id FROM pos_stockmovement AS moved
        WHERE moved.document_id = used.document_id AND moved.kind = 'production' AND moved.quantity > 0
            AND moved.lot_id IS NOT NULL OFFSET 0) AS made
)
SELECT lot.id, lot.code, lot.kind, lot.expires_on, lot.received_at, lot.id = ANY(%(lots)s::uuid[]), variant.id,
    variant.sku, concat_ws(', ', item.name, NULLIF(variant.name, '')), item.unit, location.id, location.name,
    level.on_hand
FROM wanted
JOIN pos_stocklot AS lot ON lot.id = wanted.lot_id
JOIN pos_variant AS variant ON variant.id = lot.variant_id
JOIN pos_item AS item ON item.id = variant.item_id
LEFT JOIN pos_stocklotlevel AS level ON level.lot_id = lot.id
LEFT JOIN pos_location AS location ON location.id = level.location_id
ORDER BY lot.received_at NULLS LAST, lot.id, location.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallQuestion:
    """Which lots: one by its key, or by what is printed on it. A serial may be asked for without its variant."""

    lot_id: UUID | None = None
    variant_id: UUID | None = None
    lot: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class RecallRow:
    """A movement of a wanted lot, a production it is part of, or a line whose code named it.

    `quantity` is below zero for what went. `sold_as` is what the order's line was: the dish, where the lot was an
    ingredient. `lot_id` is None for what was made, or goes into, without a lot, and where only the line names it.
    """

    id: UUID
    group: str
    kind: str
    lot_id: UUID | None
    lot: str
    variant_id: UUID
    sku: str
    name: str
    unit: str
    quantity: Decimal
    at: dt.datetime
    business_date: dt.date
    location_id: UUID
    location: str
    order_id: UUID | None
    order_number: int | None
    order_line_id: UUID | None
    sold_as: str
    register: str
    employee: str
    document_id: UUID | None
    document_number: str
    supplier: str
    reason: str
    is_lot_inferred: bool


@dataclass(frozen=True, slots=True)
class LeftThere:
    """What is left of a lot at a location."""

    location_id: UUID
    location: str
    on_hand: Decimal


@dataclass(frozen=True, slots=True)
class RecalledLot:
    """A wanted lot, or one that was made with it (`is_asked` False), and what is left of it where."""

    id: UUID
    code: str
    kind: str
    expires_on: dt.date | None
    received_at: dt.datetime | None
    is_asked: bool
    variant_id: UUID
    sku: str
    name: str
    unit: str
    left: tuple[LeftThere, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """The lots and everything that happened to them, oldest first; `has_more` when rows were left out."""

    lots: tuple[RecalledLot, ...]
    rows: tuple[RecallRow, ...]
    has_more: bool

    def group(self, name: str) -> list[RecallRow]:
        """The rows of one group."""
        return [row for row in self.rows if row.group == name]


def recall(*, question: RecallQuestion, limit: int) -> Recall | None:
    """What happened to the lots; at most `limit` rows. None when nobody received or sold such a lot."""
    found = _lots(question)
    asked = _captured(question, found) | {"lots": [lot.pk for lot in found], "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(_RECALL, asked)
        rows = [RecallRow(*row) for row in cursor.fetchall()]
        if not found and not rows:
            return None
        cursor.execute(_STOCK, asked)
        lots = _with_stock(cursor.fetchall())
    return Recall(lots=lots, rows=tuple(rows[:limit]), has_more=len(rows) > limit)


def _lots(question: RecallQuestion) -> list[StockLot]:
    if question.lot_id is not None:
        return list(StockLot.objects.filter(pk=question.lot_id))
    kind, code = ("serial", question.serial) if question.serial else ("lot", question.lot)
    rows = StockLot.objects.filter(code=code, kind=kind)
    return list(rows if question.variant_id is None else rows.filter(variant_id=question.variant_id))


def _captured(question: RecallQuestion, found: Sequence[StockLot]) -> dict[str, Any]:
    """What order lines have to say to be of these lots, also those from before the item's lots were kept."""
    lot, serial = question.lot, question.serial
    if question.lot_id is not None:
        lot = next((each.code for each in found if each.kind == "lot"), "")
        serial = next((each.code for each in found if each.kind == "serial"), "")
    variants = {each.variant_id for each in found}
    if question.variant_id is not None:
        variants = {question.variant_id}
    return {"lot": lot, "serial": serial, "variants": sorted(variants)}


def _with_stock(rows: Sequence[tuple[Any, ...]]) -> tuple[RecalledLot, ...]:
    known: dict[UUID, tuple[Any, ...]] = {}
    left: dict[UUID, list[LeftThere]] = {}
    for *lot, location_id, location, on_hand in rows:
        known[lot[0]] = tuple(lot)
        if location_id is not None:
            left.setdefault(lot[0], []).append(LeftThere(location_id, location, on_hand))
    return tuple(RecalledLot(*(*lot, tuple(left.get(key, ())))) for key, lot in known.items())
