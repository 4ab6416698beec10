"""An order as the API answers it and the feed tells it: one shape, byte for byte the same wherever it comes from.

Built from rows just written or rows just read; nothing in it depends on which. Members of stored JSON are
named one by one, because the database's JSON keeps no order.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.clock import rfc3339
from fynlo.core.money import Money
from payments.tenders.kinds import EXCHANGE
from payments.tenders.queries import PaymentTaken
from pos.inventory.quantities import plain_quantity
from pos.orders.basket import Basket
from pos.orders.flags import Flag, told
from pos.orders.line_documents import Amount, line_document
from pos.orders.models import Order, OrderTax
from pos.orders.rows import charge_values, context_values, discount_values, line_rows, tax_rows
from pos.orders.whole import WholeOrder, receipt_reference, reference

__all__ = ["WholeOrder", "order_document", "quote_document", "receipt_reference", "reference"]


def order_document(whole: WholeOrder) -> dict[str, Any]:
    """The whole state of an order as JSON values."""
    order = whole.order

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": order.currency}

    names = {tax.tax_class_code: tax.name for tax in whole.taxes}
    return {
        "id": str(order.id),
        "number": order.number,
        "reference": whole.reference,
        "is_training": whole.is_training,
        "receipt_number": order.receipt_number,
        "receipt_reference": whole.receipt_reference,
        "revision": order.revision,
        "changes": order.revision - 1,
        "register": {"id": str(order.register_id), "code": whole.register_code},
        "location": {"id": str(order.location_id), "code": whole.location_code},
        "session_id": _text(order.session_id),
        "device_id": _text(order.device_id),
        "employee": _employee(order),
        "owner": _owner(order),
        "editing": _editing(order),
        "name": order.name or None,
        "customer": order.customer or None,
        "fulfilment_state": order.fulfilment_state,
        "payment_state": order.payment_state,
        "opened_at": _time(order.opened_at),
        "placed_at": rfc3339(order.placed_at),
        "business_date": order.business_date.isoformat(),
        "price_book": _text(order.price_book_id),
        "context": _context(order.context),
        "note": order.note or None,
        "kitchen_note": order.kitchen_note or None,
        "internal_note": order.internal_note or None,
        "cancelled": _cancelled(order),
        "lines": [line_document(line, money, names) for line in whole.lines],
        "discounts": _discounts(order.discounts, money),
        "service_charges": _charges(order.service_charges, money),
        "taxes": [_tax(tax, money) for tax in whole.taxes_left],
        "payments": [_payment(payment, money) for payment in whole.payments],
        "discount": money(order.discount_minor),
        "service_charge": money(order.service_charge_minor),
        "net": money(order.net_minor),
        "tax": money(order.tax_minor),
        "total": money(order.total_minor),
        "tip": money(order.tip_minor),
        "payable": money(whole.payable_minor),
        "paid": money(order.paid_minor),
        "due": money(whole.due_minor),
        "refunded": money(order.refunded_minor),
        "change": money(whole.change_minor),
        "rounding": money(whole.rounding_minor),
        "exchange": _exchange(whole.payments),
        "flags": [told(flag) for flag in order.flags],
        "pricing": {
            "engine": order.pricing_engine,
            "rounding": order.rounding_policy,
            "digest": order.pricing_digest,
        },
        "receipt": None if whole.is_training else f"/api/v1/orders/{order.id}/receipt",
        "explanation": None if whole.is_training else f"/api/v1/orders/{order.id}/explain",
    }


def quote_document(
    *, basket: Basket, line_ids: Sequence[UUID | None], flags: Iterable[Flag]
) -> dict[str, Any]:
    """What a basket costs, in the words of an order."""
    priced = basket.priced

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": priced.currency}

    lines = line_rows(order_id=None, basket=basket, line_ids=line_ids)
    return {
        "price_book": str(basket.book.version_id),
        "context": _context(context_values(basket)),
        "note": basket.draft.note or None,
        "kitchen_note": basket.draft.kitchen_note or None,
        "internal_note": basket.draft.internal_note or None,
        "lines": [line_document(line, money, {}) for line in lines],
        "discounts": _discounts(discount_values(priced), money),
        "service_charges": _charges(charge_values(priced), money),
        "taxes": [_tax(tax, money) for tax in tax_rows(order_id=None, priced=priced)],
        "discount": money(sum(given.amount_minor for given in priced.discounts)),
        "service_charge": money(sum(charge.amount_minor for charge in priced.service_charges)),
        "net": money(priced.subtotal_minor),
        "tax": money(priced.tax_minor),
        "total": money(priced.total_minor),
        "tip": money(priced.tip_minor),
        "payable": money(priced.payable_minor),
        "flags": [told(flag) for flag in flags],
        "pricing": {
            "engine": priced.engine_version,
            "rounding": priced.policy.code,
            "digest": priced.digest,
        },
    }


def _context(stored: dict[str, Any]) -> dict[str, Any]:
    """For whom and how it was sold; nothing of it is known of orders from before it was kept."""
    return {
        "order_type": stored.get("order_type"),
        "channel": stored.get("channel"),
        "customer_group": stored.get("customer_group"),
        "exempt": stored.get("exempt", False),
        "destination": stored.get("destination"),
        "covers": stored.get("covers", 0),
        "coupons": stored.get("coupons", []),
        "waived_charges": stored.get("waived_charges", []),
    }


def _discounts(stored: Iterable[dict[str, Any]], money: Amount) -> list[dict[str, Any]]:
    return [
        {
            "kind": given["kind"],
            "id": given["id"],
            "name": given["name"],
            "amount": money(given["amount_minor"]),
            "allocations": [
                {"line_id": share["line_id"], "amount": money(share["amount_minor"])}
                for share in given["allocations"]
            ],
        }
        for given in stored
    ]


def _charges(stored: Iterable[dict[str, Any]], money: Amount) -> list[dict[str, Any]]:
    return [
        {
            "id": charge["id"],
            "name": charge["name"],
            "phase": charge["phase"],
            "amount": money(charge["amount_minor"]),
            "net": money(charge["net_minor"]),
            "tax": money(charge["tax_minor"]),
            "total": money(charge["total_minor"]),
        }
        for charge in stored
    ]


def _tax(tax: OrderTax, money: Amount) -> dict[str, Any]:
    return {
        "tax_class": tax.tax_class_code,
        "code": tax.tax_class_code,
        "name": tax.name,
        "rate": plain_quantity(tax.rate),
        "per_unit": None if tax.per_unit_minor is None else money(tax.per_unit_minor),
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
        "rounding": money(payment.rounding_minor),
        "last4": payment.last4 or None,
        "reference": payment.reference or None,
        "house_account": payment.house_account,
        "stored_value": None
        if payment.stored_value_id is None
        else {"id": str(payment.stored_value_id), "last4": payment.value_last4},
        "foreign": foreign_told(
            None if payment.foreign_minor is None else Money(payment.foreign_minor, payment.foreign_currency),
            payment.foreign_rate,
        ),
    }


def foreign_told(notes: Money | None, rate: Decimal | None) -> dict[str, Any] | None:
    """Notes of another currency that were handed over, and the rate they were taken at."""
    if notes is None:
        return None
    return {
        "amount": {"amount_minor": notes.minor, "currency": notes.currency},
        "rate": None if rate is None else f"{rate.normalize():f}",
    }


def _exchange(payments: Iterable[PaymentTaken]) -> dict[str, Any] | None:
    """The refund whose money paid for it: the money of an exchange has the refund's key."""
    refund = next((each.id for each in payments if each.kind == EXCHANGE), None)
    return None if refund is None else {"refund_id": str(refund)}


def _employee(order: Order) -> dict[str, Any] | None:
    if order.employee_id is None:
        return None
    return {"id": str(order.employee_id), "name": order.employee_name}


def _owner(order: Order) -> dict[str, Any]:
    """Whose order it is: who is at the table, and the device it was opened on."""
    return {"employee": _employee(order), "device_id": _text(order.device_id)}


def _editing(order: Order) -> dict[str, Any] | None:
    """Who changed it last and when, so that two people at one order see each other."""
    if order.edited_at is None:
        return None
    return {
        "employee_id": _text(order.edited_by_id),
        "name": order.edited_by_name or None,
        "device_id": _text(order.edited_on_id),
        "at": rfc3339(order.edited_at),
    }


def _cancelled(order: Order) -> dict[str, Any] | None:
    if order.cancelled_at is None:
        return None
    return {"at": rfc3339(order.cancelled_at), "reason": order.cancel_reason or None}


def _time(value: dt.datetime | None) -> str | None:
    return None if value is None else rfc3339(value)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
