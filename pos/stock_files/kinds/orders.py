"""Orders to suppliers: rows with the same word are one draft of an order. Orders that are there stay."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, ClassVar
from uuid import UUID

from fynlo.core.ids import new_id
from pos.catalog.conversion import NoConversion, convert
from pos.catalog.csv_reading import Row, RowProblem
from pos.catalog.errors import ChangedSince
from pos.catalog.exporting.rows import guarded
from pos.inventory.quantities import plain_quantity
from pos.purchasing import states
from pos.purchasing.drafts import MAX_LINES, OrderDraft, OrderLineDraft
from pos.purchasing.models import PurchaseOrder, PurchaseOrderLine
from pos.purchasing.packs import Goods
from pos.purchasing.services.lifecycle import cancel_order
from pos.purchasing.services.orders import create_order
from pos.registers.models import Location
from pos.stock_files.cells import cost_cell, quantity_cell
from pos.stock_files.kinds.base import (
    CREATED,
    UNCHANGED,
    FileContext,
    Planned,
    StockKind,
    find_goods,
    no_variant,
    problem,
)
from pos.stock_files.kinds.suppliers import supplier_ids
from pos.stock_files.models import StockFileRow
from pos.stock_files.sheets import PURCHASE_ORDERS

_CANCELLABLE = (states.DRAFT, states.SENT, states.CONFIRMED)


class PurchaseOrders(StockKind):
    """A row is a line of an order. An order is written by one call of its service, however many lines it has."""

    sheet: ClassVar = PURCHASE_ORDERS
    permissions: ClassVar[tuple[str, ...]] = ("stock.write", "stock.order")
    order: ClassVar = ("name", "line")

    def plan(self, rows: Sequence[Row], context: FileContext) -> Iterator[Planned | RowProblem]:
        """Lines of new orders, and lines of orders that are there already."""
        goods = find_goods([row["sku"] for row in rows])
        suppliers = supplier_ids([row["supplier"] for row in rows])
        there = _lines_there([row["order"] for row in rows])
        for row in rows:
            of, supplier = goods.get(row["sku"]), suppliers.get(row["supplier"])
            location = context.location(row)
            wrong = list(_wrong(row, of, supplier))
            if isinstance(location, RowProblem):
                wrong.append(location)
            elif not wrong:
                wrong += _disagreements(row, supplier, location, context)
            yield from wrong
            if wrong or of is None or isinstance(location, RowProblem):
                continue
            known = there.get(row["order"])
            if known is None:
                yield _planned(row, of, supplier, location, context)
            elif (of.id, row["packs"]) in known:
                yield Planned(line=row.line, key=_key(row, of), name=row["order"], outcome=UNCHANGED)
            else:
                reason = (
                    "there is such an order, with other lines; orders that are there are not changed by files"
                )
                yield problem(row, "order", reason, row["order"])

    def apply(self, rows: Iterator[StockFileRow], context: FileContext) -> None:
        """Write the drafts, one after the other."""
        for _, lines in groupby(rows, key=lambda row: row.name):
            create_order(draft=_draft(list(lines)), actor=context.actor, at=context.at)

    def revert(self, rows: Iterator[StockFileRow], context: FileContext, *, force: bool) -> list[str]:
        """Cancel the file's orders. Of what came something stays, and is told; without `force` it stops all."""
        orders = {UUID((row.plan or {})["order_id"]): row.name for row in rows}
        found = PurchaseOrder.objects.filter(pk__in=orders).order_by("pk")
        open_ = [order for order in found if order.state in _CANCELLABLE]
        busy = [order for order in found if order.state in (states.PARTLY_RECEIVED, states.RECEIVED)]
        if busy and not force:
            told = ", ".join(f"{orders[order.pk]} ({order.number})" for order in busy[:10])
            raise ChangedSince(f"Goods of these orders came: {told}.", keys=[order.number for order in busy])
        reason = f"import taken back: {context.file.file_name}"[:200]
        for order in open_:
            cancel_order(order_id=order.pk, reason=reason, actor=context.actor, at=context.at)
        return [order.number for order in busy]

    def export(self, *, location_id: UUID | None, currency: str) -> Iterator[list[str]]:
        """Lines of orders that are not done, by number."""
        found = (
            PurchaseOrderLine.objects.filter(order__state__in=(states.DRAFT, *states.OPEN))
            .select_related("order__supplier", "order__location")
            .order_by("order__number", "position")
        )
        if location_id is not None:
            found = found.filter(order__location_id=location_id)
        for line in found.iterator(chunk_size=2_000):
            order = line.order
            yield [
                guarded(order.number),
                guarded(order.supplier.code),
                guarded(order.location.code),
                guarded(line.sku),
                quantity_cell(line.packs),
                quantity_cell(line.pack_size),
                guarded(line.pack_unit),
                cost_cell(line.pack_price_minor, currency),
                order.expected_on.isoformat() if order.expected_on else "",
                guarded(line.note),
            ]


def _lines_there(numbers: Iterable[str]) -> dict[str, set[tuple[UUID, Decimal]]]:
    """The lines of orders that are there, by the orders' numbers."""
    found: dict[str, set[tuple[UUID, Decimal]]] = {}
    rows = PurchaseOrderLine.objects.filter(order__number__in=set(numbers))
    for number, variant_id, packs in rows.values_list("order__number", "variant_id", "packs"):
        found.setdefault(number, set()).add((variant_id, packs))
    return found


def _wrong(row: Row, of: Goods | None, supplier: UUID | None) -> Iterator[RowProblem]:
    if supplier is None:
        yield problem(row, "supplier", "there is no supplier with this code", row["supplier"])
    if of is None:
        yield no_variant(row)
        return
    unit = row["pack_unit"] or of.unit
    try:
        convert(quantity=1, from_unit=unit, to_unit=of.unit, units=of.units, unit=of.unit)
    except NoConversion:
        known = ", ".join([of.unit, *(str(each["code"]) for each in of.units)])
        reason = f"the item is not counted in this unit; its units are {known}"
        yield problem(row, "pack_unit", reason, row["pack_unit"])


def _disagreements(
    row: Row, supplier: UUID | None, location: Location, context: FileContext
) -> Iterator[RowProblem]:
    """What is said of a whole order is said in one way; `seen` has its first line and how many it has."""
    stated = {"supplier": supplier, "location": location.id, "expected_on": row["expected_on"]}
    first = context.seen.setdefault(
        ("order", row["order"]), {"line": row.line, "id": new_id(), "stated": stated, "count": 0}
    )
    first["count"] += 1
    if first["count"] > MAX_LINES:
        yield problem(row, "order", f"an order has at most {MAX_LINES} lines", row["order"])
    for name, value in stated.items():
        if value != first["stated"][name]:
            yield problem(
                row, name, f"the same order has another {name} in line {first['line']}", row[name] or ""
            )


def _planned(row: Row, of: Goods, supplier: UUID | None, location: Location, context: FileContext) -> Planned:
    packs = plain_quantity(row["packs"])
    return Planned(
        line=row.line,
        key=_key(row, of),
        name=row["order"],
        outcome=CREATED,
        plan={
            "order_id": str(context.seen["order", row["order"]]["id"]),
            "supplier_id": str(supplier),
            "location_id": str(location.id),
            "expected_on": row["expected_on"].isoformat() if row["expected_on"] else None,
            "variant_id": str(of.id),
            "packs": packs,
            "pack_size": None if row["pack_size"] is None else plain_quantity(row["pack_size"]),
            "pack_unit": row["pack_unit"] or None,
            "pack_price": None if row["pack_price"] is None else plain_quantity(row["pack_price"]),
            "note": row["note"],
        },
        changes=[{"column": "packs", "before": "", "after": packs}],
    )


def _key(row: Row, of: Goods) -> str:
    return f"{row['order']} · {of.sku}"


def _draft(rows: Sequence[StockFileRow]) -> OrderDraft:
    plans: list[dict[str, Any]] = [row.plan or {} for row in rows]
    first = plans[0]
    return OrderDraft(
        id=UUID(first["order_id"]),
        supplier_id=UUID(first["supplier_id"]),
        location_id=UUID(first["location_id"]),
        expected_on=_day(first["expected_on"]),
        note=f"From a file: {rows[0].name}",
        lines=tuple(
            OrderLineDraft(
                variant_id=UUID(plan["variant_id"]),
                packs=Decimal(plan["packs"]),
                pack_size=_number(plan["pack_size"]),
                pack_unit=plan["pack_unit"],
                pack_price_minor=_number(plan["pack_price"]),
                note=plan["note"],
            )
            for plan in plans
        ),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
