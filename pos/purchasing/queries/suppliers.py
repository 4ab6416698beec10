"""Suppliers, and what a pack costs at them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pos.inventory.quantities import plain_cost, plain_quantity
from pos.purchasing.models import Supplier, SupplierItem


def supplier_state(supplier: Supplier) -> dict[str, Any]:
    """A supplier with what it sells, as the API answers it."""
    return {**supplier_summary(supplier), "items": [_item(item) for item in supplier.items.all()]}


def supplier_summary(supplier: Supplier) -> dict[str, Any]:
    """What a list says of a supplier."""
    minimum = supplier.minimum_order_minor
    return {
        "id": str(supplier.pk),
        "code": supplier.code,
        "name": supplier.name,
        "contact": supplier.contact,
        "email": supplier.email,
        "phone": supplier.phone,
        "address": list(supplier.address),
        "tax_number": supplier.tax_number,
        "account_number": supplier.account_number,
        "currency": supplier.currency,
        "lead_time_days": supplier.lead_time_days,
        "minimum_order": None
        if minimum is None
        else {"amount_minor": minimum, "currency": supplier.currency},
        "payment_terms": supplier.payment_terms,
        "language": supplier.language,
        "note": supplier.note,
        "is_active": supplier.is_active,
    }


def items_of(*, supplier_id: UUID) -> dict[UUID, SupplierItem]:
    """How a supplier sells each variant; of several packs the first that was stated."""
    found: dict[UUID, SupplierItem] = {}
    for item in SupplierItem.objects.filter(supplier_id=supplier_id).order_by("pk"):
        found.setdefault(item.variant_id, item)
    return found


def pack_price(item: SupplierItem, *, packs: Decimal) -> Decimal | None:
    """What a pack costs when so many are bought."""
    price = item.pack_price_minor
    for each in item.price_breaks:
        if packs >= Decimal(each["packs"]):
            price = Decimal(each["pack_price_minor"])
    return price


def _item(item: SupplierItem) -> dict[str, Any]:
    price = item.pack_price_minor
    return {
        "id": str(item.pk),
        "variant_id": str(item.variant_id),
        "sku": item.variant.sku,
        "supplier_code": item.supplier_code,
        "pack_name": item.pack_name,
        "pack_size": plain_quantity(item.pack_size),
        "pack_unit": item.pack_unit,
        "pack_price_minor": None if price is None else plain_cost(price),
        "minimum_packs": plain_quantity(item.minimum_packs),
        "price_breaks": list(item.price_breaks),
        "is_preferred": item.is_preferred,
    }
