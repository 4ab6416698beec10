"""Whole states of orders, receipts and returns, as the API answers and the feed tells them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.clock import rfc3339
from pos.inventory.quantities import plain_cost, plain_quantity, whole_minor
from pos.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    LandedCost,
    LandedCostShare,
    PurchaseEmail,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderStep,
    SupplierReturn,
    SupplierReturnLine,
)
from pos.purchasing.packs import line_amount


def order_state(order: PurchaseOrder) -> dict[str, Any]:
    """An order with its lines and history. Three statements, or none where they were prefetched."""
    lines = [_order_line(line) for line in order.lines.all()]
    return {
        **order_summary(order),
        "supplier_reference": order.supplier_reference,
        "note": order.note,
        "lines": lines,
        "total_minor": sum(line["amount_minor"] or 0 for line in lines),
        "steps": [_step(step) for step in order.steps.all()],
        "emails": [email_state(email) for email in order.emails.all()],
        "receipt_ids": [str(key) for key in sorted(receipt.pk for receipt in order.receipts.all())],
    }


def order_summary(order: PurchaseOrder) -> dict[str, Any]:
    """What a list says of an order; `supplier` is at hand."""
    return {
        "id": str(order.pk),
        "number": order.number,
        "supplier_id": str(order.supplier_id),
        "supplier_name": order.supplier.name,
        "location_id": str(order.location_id),
        "state": order.state,
        "currency": order.currency,
        "expected_on": _day(order.expected_on),
        "created_at": rfc3339(order.created_at),
        "sent_at": _time(order.sent_at),
        "confirmed_at": _time(order.confirmed_at),
        "received_at": _time(order.received_at),
        "cancelled_at": _time(order.cancelled_at),
    }


def receipt_state(receipt: GoodsReceipt) -> dict[str, Any]:
    """A delivery with its lines."""
    return {
        **receipt_summary(receipt),
        "note": receipt.note,
        "lines": [_receipt_line(line) for line in receipt.lines.all()],
    }


def receipt_summary(receipt: GoodsReceipt) -> dict[str, Any]:
    """What a list says of a delivery."""
    return {
        "id": str(receipt.pk),
        "number": receipt.number,
        "order_id": _key(receipt.order_id),
        "supplier_id": _key(receipt.supplier_id),
        "location_id": str(receipt.location_id),
        "currency": receipt.currency,
        "delivery_note": receipt.delivery_note,
        "received_at": rfc3339(receipt.at),
        "business_date": receipt.business_date.isoformat(),
        "received_by": receipt.by_name,
        "employee_id": _key(receipt.employee_id),
        "is_over_receipt_approved": receipt.approved_by_id is not None,
    }


def return_state(returned: SupplierReturn) -> dict[str, Any]:
    """Goods that went back, with their lines."""
    return {
        **return_summary(returned),
        "note": returned.note,
        "lines": [_return_line(line) for line in returned.lines.all()],
    }


def return_summary(returned: SupplierReturn) -> dict[str, Any]:
    """What a list says of a return."""
    return {
        "id": str(returned.pk),
        "number": returned.number,
        "supplier_id": _key(returned.supplier_id),
        "location_id": str(returned.location_id),
        "currency": returned.currency,
        "reference": returned.reference,
        "reason": returned.reason,
        "returned_at": rfc3339(returned.at),
        "business_date": returned.business_date.isoformat(),
        "returned_by": returned.by_name,
        "employee_id": _key(returned.employee_id),
    }


def landed_state(cost: LandedCost, *, reverted_by: LandedCost | None) -> dict[str, Any]:
    """A landed cost with who bears what of it, and what took it back."""
    return {
        "id": str(cost.pk),
        "kind": cost.kind,
        "basis": cost.basis,
        "amount_minor": plain_cost(cost.amount_minor),
        "currency": cost.currency,
        "reference": cost.reference,
        "note": cost.note,
        "at": rfc3339(cost.at),
        "by": cost.by_name,
        "employee_id": _key(cost.employee_id),
        "reverts_id": _key(cost.reverses_id),
        "reverted_by_id": None if reverted_by is None else str(reverted_by.pk),
        "shares": [_share(share) for share in cost.shares.all()],
    }


def email_state(email: PurchaseEmail) -> dict[str, Any]:
    """A letter, and what became of it."""
    return {
        "id": str(email.pk),
        "state": email.state,
        "recipient": email.recipient,
        "copies": list(email.copies),
        "queued_at": rfc3339(email.queued_at),
        "queued_by": email.by_name,
        "sent_at": _time(email.sent_at),
        "attempts": email.attempts,
        "reason": email.reason,
    }


def lines_value(lines: Iterable[GoodsReceiptLine]) -> int:
    """What delivered lines cost together, in whole minor units."""
    return whole_minor(sum((line.value_minor or Decimal(0) for line in lines), Decimal(0)))


def _order_line(line: PurchaseOrderLine) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "variant_id": str(line.variant_id),
        "description": line.description,
        "sku": line.sku,
        "supplier_code": line.supplier_code,
        "packs": plain_quantity(line.packs),
        "pack_name": line.pack_name,
        "pack_size": plain_quantity(line.pack_size),
        "pack_unit": line.pack_unit,
        "pack_price_minor": _plain(line.pack_price_minor),
        "amount_minor": line_amount(packs=line.packs, pack_price_minor=line.pack_price_minor),
        "quantity": plain_quantity(line.quantity),
        "unit": line.unit,
        "confirmed_quantity": _plain(line.confirmed_quantity),
        "confirmed_on": _day(line.confirmed_on),
        "received_quantity": plain_quantity(line.received_quantity),
        "open_quantity": plain_quantity(line.open_quantity),
        "note": line.note,
    }


def _step(step: PurchaseOrderStep) -> dict[str, Any]:
    return {
        "step": step.step,
        "state": step.state,
        "at": rfc3339(step.at),
        "by": step.by_name,
        "employee_id": _key(step.employee_id),
        "detail": step.detail,
        "document_id": _key(step.document_id),
    }


def _receipt_line(line: GoodsReceiptLine) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "order_line_id": _key(line.order_line_id),
        "variant_id": str(line.variant_id),
        "description": line.description,
        "stated_quantity": plain_quantity(line.stated_quantity),
        "stated_unit": line.stated_unit,
        "quantity": plain_quantity(line.quantity),
        "unit": line.unit,
        "value_minor": _plain(line.value_minor),
        "rejected_quantity": plain_quantity(line.rejected_quantity),
        "reject_reason": line.reject_reason,
        "lots": list(line.lots),
    }


def _return_line(line: SupplierReturnLine) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "receipt_line_id": str(line.receipt_line_id),
        "variant_id": str(line.variant_id),
        "description": line.description,
        "quantity": plain_quantity(line.quantity),
        "unit": line.unit,
        "value_minor": _plain(line.value_minor),
        "reason": line.reason,
    }


def _share(share: LandedCostShare) -> dict[str, Any]:
    return {
        "receipt_line_id": str(share.receipt_line_id),
        "movement_id": str(share.movement_id),
        "basis_quantity": _plain(share.basis_quantity),
        "share_minor": plain_cost(share.share_minor),
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain_cost(value)


def _key(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _time(value: Any) -> str | None:
    return None if value is None else rfc3339(value)


def _day(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())
