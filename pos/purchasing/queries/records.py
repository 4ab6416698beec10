"""Single records of buying with everything that belongs to them, and lists as a shopkeeper asks for them."""

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from fynlo.core.errors import NotFound
from pos.purchasing import states
from pos.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    LandedCost,
    LandedCostShare,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierReturn,
    SupplierReturnLine,
)

OPEN: str = "open"
STATES = (OPEN, *states.ORDER.states)


def whole_order(*, order_id: UUID) -> PurchaseOrder:
    """An order with supplier, lines, history, letters and receipts; raises `NotFound`."""
    found = (
        PurchaseOrder.objects.select_related("supplier", "location")
        .prefetch_related("lines", "steps", "emails", "receipts")
        .filter(pk=order_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such purchase order.")
    return found


def whole_receipt(*, receipt_id: UUID) -> GoodsReceipt:
    """A delivery with its lines; raises `NotFound`."""
    found: GoodsReceipt | None = GoodsReceipt.objects.prefetch_related("lines").filter(pk=receipt_id).first()
    if found is None:
        raise NotFound("There is no such receipt.")
    return found


def whole_return(*, return_id: UUID) -> SupplierReturn:
    """A return with its lines; raises `NotFound`."""
    found: SupplierReturn | None = (
        SupplierReturn.objects.prefetch_related("lines").filter(pk=return_id).first()
    )
    if found is None:
        raise NotFound("There is no such return.")
    return found


def whole_landed_cost(*, cost_id: UUID) -> LandedCost:
    """A landed cost with its shares; raises `NotFound`."""
    found: LandedCost | None = LandedCost.objects.prefetch_related("shares").filter(pk=cost_id).first()
    if found is None:
        raise NotFound("There is no such cost.")
    return found


def reverted_by(*, cost_id: UUID) -> LandedCost | None:
    """What took a landed cost back, if anything did."""
    return LandedCost.objects.filter(reverses_id=cost_id).first()


def whole_supplier(*, supplier_id: UUID) -> Supplier:
    """A supplier with what it sells; raises `NotFound`."""
    found = Supplier.objects.prefetch_related("items__variant__item").filter(pk=supplier_id).first()
    if found is None:
        raise NotFound("There is no such supplier.")
    return found


def suppliers(
    *, is_active: bool | None = None, variant_id: UUID | None = None, text: str = ""
) -> QuerySet[Supplier, Supplier]:
    """Suppliers: active ones, those who sell a variant, whose code or name holds `text`."""
    found = Supplier.objects.all()
    if is_active is not None:
        found = found.filter(is_active=is_active)
    if variant_id is not None:
        found = found.filter(pk__in=Supplier.objects.filter(items__variant_id=variant_id).values("pk"))
    if text:
        found = found.filter(name__icontains=text) | found.filter(code__icontains=text)
    return found


def orders(
    *,
    state: str | None = None,
    supplier_id: UUID | None = None,
    location_id: UUID | None = None,
    variant_id: UUID | None = None,
    late_on: dt.date | None = None,
) -> QuerySet[PurchaseOrder, PurchaseOrder]:
    """Orders in a state (`open`: on their way), of a supplier, for a location, containing a variant, late."""
    found = PurchaseOrder.objects.select_related("supplier")
    if state == OPEN:
        found = found.filter(state__in=states.OPEN)
    elif state is not None:
        found = found.filter(state=state)
    if supplier_id is not None:
        found = found.filter(supplier_id=supplier_id)
    if location_id is not None:
        found = found.filter(location_id=location_id)
    if variant_id is not None:
        found = found.filter(
            Exists(PurchaseOrderLine.objects.filter(order_id=OuterRef("pk"), variant_id=variant_id))
        )
    if late_on is not None:
        found = found.filter(state__in=states.OPEN, expected_on__lt=late_on)
    return found


def receipts(
    *,
    order_id: UUID | None = None,
    supplier_id: UUID | None = None,
    location_id: UUID | None = None,
    variant_id: UUID | None = None,
    from_date: dt.date | None = None,
    to_date: dt.date | None = None,
) -> QuerySet[GoodsReceipt, GoodsReceipt]:
    """Deliveries of an order, supplier, location, containing a variant, on business days `[from, to)`."""
    found = GoodsReceipt.objects.prefetch_related("lines")
    wanted = {
        "order_id": order_id,
        "supplier_id": supplier_id,
        "location_id": location_id,
        "business_date__gte": from_date,
        "business_date__lt": to_date,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    if variant_id is not None:
        found = found.filter(
            Exists(GoodsReceiptLine.objects.filter(receipt_id=OuterRef("pk"), variant_id=variant_id))
        )
    return found


def returns(
    *, supplier_id: UUID | None = None, location_id: UUID | None = None, variant_id: UUID | None = None
) -> QuerySet[SupplierReturn, SupplierReturn]:
    """Returns to a supplier, from a location, of a variant."""
    found = SupplierReturn.objects.prefetch_related("lines")
    if supplier_id is not None:
        found = found.filter(supplier_id=supplier_id)
    if location_id is not None:
        found = found.filter(location_id=location_id)
    if variant_id is not None:
        found = found.filter(
            Exists(
                SupplierReturnLine.objects.filter(supplier_return_id=OuterRef("pk"), variant_id=variant_id)
            )
        )
    return found


def landed_costs(*, receipt_id: UUID | None = None) -> QuerySet[LandedCost, LandedCost]:
    """Landed costs; those some line of a delivery bears a share of."""
    found = LandedCost.objects.select_related("reversed_by").prefetch_related("shares")
    if receipt_id is not None:
        found = found.filter(
            Exists(
                LandedCostShare.objects.filter(
                    landed_cost_id=OuterRef("pk"), receipt_line__receipt_id=receipt_id
                )
            )
        )
    return found
