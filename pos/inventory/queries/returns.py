"""What of an order came back, and what of it may still."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from fynlo.core.clock import rfc3339
from pos.inventory.models import StockMovement, StockReturn, StockReturnLine
from pos.inventory.quantities import plain_quantity
from pos.inventory.returning import Gone


def stock_returns(*, order_id: UUID | None = None) -> QuerySet[StockReturn, StockReturn]:
    """Returns with their lines, for lists; those of an order if said."""
    found = StockReturn.objects.prefetch_related("lines").order_by("id")
    return found if order_id is None else found.filter(order_id=order_id)


def returned_quantities(
    *, order_line_ids: Collection[UUID], return_ids: Collection[UUID] | None = None
) -> dict[UUID, Decimal]:
    """What came back of each line, in the line's unit; with these returns, if they are said."""
    rows = StockReturnLine.objects.filter(order_line_id__in=order_line_ids).order_by("order_line_id")
    if return_ids is not None:
        rows = rows.filter(stock_return__in=return_ids)
    return dict(rows.values_list("order_line_id").annotate(total=Sum("quantity")))


def sold_movements(*, order_line_ids: Collection[UUID]) -> list[Gone]:
    """What these lines took off the shelf, and how much of it came back; two statements."""
    sold = StockMovement.objects.filter(order_line_id__in=order_line_ids, kind=StockMovement.SALE)
    rows = list(sold.order_by("id").values_list("id", "order_line_id", "variant_id", "lot_id", "quantity"))
    reversals = StockMovement.objects.filter(
        original_id__in=[row[0] for row in rows], reversed_before__isnull=False
    )
    before = dict(reversals.order_by("original_id").values_list("original_id").annotate(Sum("quantity")))
    return [
        Gone(
            id=key,
            order_line_id=line_id,
            variant_id=variant_id,
            lot_id=lot_id,
            quantity=-quantity,
            reversed_before=before.get(key, Decimal(0)),
        )
        for key, line_id, variant_id, lot_id, quantity in rows
    ]


def return_document(made: StockReturn, lines: Iterable[StockReturnLine]) -> dict[str, Any]:
    """The whole of a return as the API and the feed tell it."""
    by = {"id": str(made.employee_id), "name": made.employee_name} if made.employee_id else None
    return {
        "id": str(made.id),
        "order_id": str(made.order_id),
        "location_id": str(made.location_id),
        "reason": made.reason or None,
        "employee": by,
        "at": rfc3339(made.at),
        "business_date": made.business_date.isoformat(),
        "lines": [_line(line) for line in sorted(lines, key=lambda line: line.position)],
    }


def _line(line: StockReturnLine) -> dict[str, Any]:
    return {
        "order_line_id": str(line.order_line_id),
        "quantity": plain_quantity(line.quantity),
        "disposition": "waste" if line.wasted else "restock",
        "lot_id": str(line.lot_id) if line.lot_id else None,
        "returned": plain_quantity(line.returned_before + line.quantity),
        "left": plain_quantity(line.line_quantity - line.returned_before - line.quantity),
    }
