"""The movements of a delivery: one per line, or per lot and serial of it, each with what it is worth."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pos.inventory.models import StockMovement
from pos.inventory.places import Place
from pos.inventory.services import Cause, StockChange, record_movements
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.lots import LotReceipt, ensure_lots
from pos.purchasing.arrivals import Arrival
from pos.purchasing.models import GoodsReceipt, GoodsReceiptLine


def move_in(
    *, receipt: GoodsReceipt, rows: Sequence[GoodsReceiptLine], arrivals: Sequence[Arrival]
) -> list[Place]:
    """Append the purchase movements of a receipt, and return the levels they changed.

    What nobody stated a cost of comes after the others: a cause is stated as a whole or not.
    """
    moved = {each.goods.id for each in arrivals if each.parts and each.goods.has_stock}
    places = sorted(Place(receipt.location_id, variant_id) for variant_id in moved)
    lock_levels(places)
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
    return places


def _lot_ids(receipt: GoodsReceipt, arrivals: Iterable[Arrival]) -> dict[tuple[UUID, str], UUID]:
    """The lots and serials that came, made known where they are new. Levels are locked before."""
    came = [
        (each.goods.id, part) for each in arrivals if each.goods.has_stock for part in each.parts if part.code
    ]
    return ensure_lots(
        location_id=receipt.location_id,
        receipts=[
            LotReceipt(variant_id=variant_id, code=part.code, expires_on=part.expires_on, kind=part.kind)
            for variant_id, part in came
        ],
        variant_ids={variant_id for variant_id, _ in came},
        at=receipt.at,
        received_on=receipt.business_date,
    )
