"""An order as the API answers it and the feed tells it: one shape, byte for byte the same wherever it comes from.

Built from rows just written or rows just read; nothing in it depends on which.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.clock import rfc3339
from payments.tenders.queries import PaymentTaken
from pos.inventory.quantities import plain_quantity
from pos.orders.basket import Basket
from pos.orders.flags import inactive_items, told
from pos.orders.models import Order, OrderLine, OrderTax
from pos.orders.rows import line_rows, tax_rows

Amount = Callable[[int], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeOrder:
    """An order with everything that belongs to it: lines by position, taxes by class, payments by id."""

    order: Order
    register_code: str
    location_code: str
    lines: Sequence[OrderLine]
    taxes: Sequence[OrderTax]
    payments: Sequence[PaymentTaken]

    @property
    def id(self) -> UUID:
        """The order's key."""
        return self.order.id

    @property
    def due_minor(self) -> int:
        """What is still to pay."""
        return self.order.total_minor - self.order.paid_minor

    @property
    def change_minor(self) -> int:
        """What went back to the guest."""
        return sum(payment.change_minor for payment in self.payments)


def order_document(whole: WholeOrder) -> dict[str, Any]:
    """The whole state of an order as JSON values."""
    order = whole.order

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": order.currency}

    return {
        "id": str(order.id),
        "number": order.number,
        "reference": reference(register_code=whole.register_code, number=order.number),
        "register": {"id": str(order.register_id), "code": whole.register_code},
        "location": {"id": str(order.location_id), "code": whole.location_code},
        "session_id": _text(order.session_id),
        "device_id": _text(order.device_id),
        "employee": _employee(order),
        "fulfilment_state": order.fulfilment_state,
        "payment_state": order.payment_state,
        "placed_at": rfc3339(order.placed_at),
        "business_date": order.business_date.isoformat(),
        "lines": [_line(line, money) for line in whole.lines],
        "taxes": [_tax(tax, money) for tax in whole.taxes],
        "payments": [_payment(payment, money) for payment in whole.payments],
        "net": money(order.net_minor),
        "tax": money(order.tax_minor),
        "total": money(order.total_minor),
        "paid": money(order.paid_minor),
        "due": money(whole.due_minor),
        "change": money(whole.change_minor),
        "flags": [told(flag) for flag in order.flags],
        "pricing": {
            "engine": order.pricing_engine,
            "rounding": order.rounding_policy,
            "digest": order.pricing_digest,
        },
        "receipt": f"/api/v1/orders/{order.id}/receipt",
    }


def quote_document(*, basket: Basket, line_ids: Sequence[UUID | None]) -> dict[str, Any]:
    """What a basket costs right now, in the words of an order."""
    priced = basket.priced

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": priced.currency}

    lines = line_rows(order_id=None, basket=basket, line_ids=line_ids)
    active = [(variant.id, variant.is_active) for variant in basket.variants]
    return {
        "lines": [_line(line, money) for line in lines],
        "taxes": [_tax(tax, money) for tax in tax_rows(order_id=None, basket=basket)],
        "net": money(priced.subtotal_minor),
        "tax": money(priced.tax_minor),
        "total": money(priced.total_minor),
        "flags": [told(flag) for flag in inactive_items(lines=active)],
        "pricing": {
            "engine": priced.engine_version,
            "rounding": priced.policy.code,
            "digest": priced.digest,
        },
    }


def reference(*, register_code: str, number: int) -> str:
    """The number people read, unique in the merchant's shops: `K1-17`."""
    return f"{register_code}-{number}"


def _line(line: OrderLine, money: Amount) -> dict[str, Any]:
    return {
        "id": _text(line.id),
        "variant_id": str(line.variant_id),
        "sku": line.sku,
        "name": line.name,
        "unit": line.unit,
        "quantity": plain_quantity(line.quantity),
        "unit_price": money(line.unit_price_minor),
        "tax_class": line.tax_class_code,
        "tax_rate": plain_quantity(line.tax_rate),
        "is_tax_inclusive": line.is_tax_inclusive,
        "net": money(line.net_minor),
        "tax": money(line.tax_minor),
        "total": money(line.total_minor),
    }


def _tax(tax: OrderTax, money: Amount) -> dict[str, Any]:
    return {
        "tax_class": tax.tax_class_code,
        "name": tax.name,
        "rate": plain_quantity(tax.rate),
        "is_inclusive": tax.is_inclusive,
        "net": money(tax.net_minor),
        "tax": money(tax.tax_minor),
        "total": money(tax.net_minor + tax.tax_minor),
    }


def _payment(payment: PaymentTaken, money: Amount) -> dict[str, Any]:
    return {
        "id": str(payment.id),
        "tender_type": payment.tender_type,
        "name": payment.tender_name,
        "amount": money(payment.amount_minor),
        "tendered": money(payment.tendered_minor),
        "change": money(payment.change_minor),
    }


def _employee(order: Order) -> dict[str, Any] | None:
    if order.employee_id is None:
        return None
    return {"id": str(order.employee_id), "name": order.employee_name}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
