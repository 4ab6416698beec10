"""What the journal tells of orders: every line, tax and tender by name, code and amount, as texts.

Nothing here depends on rows that can change later, and nothing is an id. Notes and the names of guests and tickets
are left out: they may be personal, and a chain can never be shortened.
"""

import datetime as dt
from typing import Any

import orjson

from fynlo.core.money import exponent
from pos.fiscal import kinds
from pos.fiscal.amounts import amount_text
from pos.fiscal.canonical import Body
from pos.fiscal.entries import JournalDraft
from pos.fiscal.recipe import instant
from pos.orders.documents import WholeOrder, order_document
from pos.orders.journal_parts import (
    charge_body,
    discount_body,
    flag_codes,
    line_body,
    tax_body,
    tender_body,
)
from pos.orders.journal_refunds import Refunded, RefundedLine, RefundedTender, refund_body, refund_entry
from pos.orders.models import OrderLine

__all__ = [
    "Refunded",
    "RefundedLine",
    "RefundedTender",
    "cancel_body",
    "cancel_entry",
    "refund_body",
    "refund_entry",
    "sale_body",
    "sale_entry",
    "training_body",
    "training_entry",
    "void_body",
    "void_entry",
]


def sale_entry(whole: WholeOrder, *, number: str, kind: str = kinds.SALE) -> JournalDraft:
    """The draft of a sale that became fully paid; `number` is its receipt's: `K1-R12`."""
    order = whole.order
    return JournalDraft(
        kind=kind, at=order.placed_at, business_date=order.business_date, number=number, body=sale_body(whole)
    )


def sale_body(whole: WholeOrder) -> Body:
    """Everything a receipt says of a sale."""
    order = whole.order
    amount = amount_text(digits=exponent(order.currency))
    context = order.context
    return {
        "order": whole.reference,
        "location": whole.location_code,
        "employee": order.employee_name or None,
        "placed_at": instant(order.placed_at),
        "currency": order.currency,
        "order_type": context.get("order_type"),
        "channel": context.get("channel"),
        "exempt": "yes" if context.get("exempt") else None,
        "lines": [line_body(line, amount) for line in whole.lines],
        "discounts": [discount_body(given, amount) for given in order.discounts],
        "service_charges": [charge_body(charge, amount) for charge in order.service_charges],
        "taxes": [tax_body(tax, amount) for tax in whole.taxes],
        "tenders": [tender_body(payment, amount) for payment in whole.payments],
        "net": amount(order.net_minor),
        "tax": amount(order.tax_minor),
        "total": amount(order.total_minor),
        "discount": amount(order.discount_minor),
        "service_charge": amount(order.service_charge_minor),
        "tip": amount(order.tip_minor),
        "payable": amount(whole.payable_minor),
        "paid": amount(order.paid_minor),
        "change": amount(whole.change_minor),
        "rounding": amount(whole.rounding_minor),
        "rounding_policy": order.rounding_policy,
        "pricing": order.pricing_engine,
        "flags": flag_codes(order.flags),
    }


def training_entry(whole: WholeOrder, *, number: str) -> JournalDraft:
    """The draft of a sale made for practice; `number`: `K1-T3`."""
    order = whole.order
    return JournalDraft(
        kind=kinds.TRAINING,
        at=order.placed_at,
        business_date=order.business_date,
        number=number,
        body=training_body(whole),
    )


def training_body(whole: WholeOrder) -> Body:
    """What a sale says, and the whole answer the till got (`document`, JSON in a text): it is kept nowhere else."""
    return {**sale_body(whole), "document": orjson.dumps(order_document(whole)).decode()}


def void_entry(
    whole: WholeOrder,
    *,
    line: OrderLine,
    reason: str,
    goods: str,
    employee: str,
    approver: str = "",
    at: dt.datetime,
    business_date: dt.date,
) -> JournalDraft:
    """The draft of a line taken off an order that was placed. `line` as it was before."""
    body = void_body(
        whole, line=line, reason=reason, goods=goods, employee=employee, approver=approver, at=at
    )
    number = f"{whole.register_code}-{whole.order.number}"
    return JournalDraft(kind=kinds.VOID, at=at, business_date=business_date, number=number, body=body)


def void_body(
    whole: WholeOrder,
    *,
    line: OrderLine,
    reason: str,
    goods: str,
    employee: str,
    approver: str = "",
    at: dt.datetime,
) -> Body:
    """Which line was taken off, with its amounts before, why, by whom, and where the goods went."""
    amount = amount_text(digits=exponent(whole.order.currency))
    return {
        **_taken_back(whole, reason=reason, goods=goods, employee=employee, approver=approver, at=at),
        "line": line_body(line, amount),
    }


def cancel_entry(
    whole: WholeOrder,
    *,
    reason: str,
    goods: str,
    employee: str,
    approver: str = "",
    at: dt.datetime,
    business_date: dt.date,
) -> JournalDraft:
    """The draft of an order cancelled after it was placed, or of a ticket that came to nothing."""
    body = cancel_body(whole, reason=reason, goods=goods, employee=employee, approver=approver, at=at)
    number = f"{whole.register_code}-{whole.order.number}"
    return JournalDraft(kind=kinds.CANCEL, at=at, business_date=business_date, number=number, body=body)


def cancel_body(
    whole: WholeOrder, *, reason: str, goods: str, employee: str, approver: str = "", at: dt.datetime
) -> Body:
    """What was on the order that is no longer owed, why, by whom, and where the goods went."""
    order = whole.order
    amount = amount_text(digits=exponent(order.currency))
    return {
        **_taken_back(whole, reason=reason, goods=goods, employee=employee, approver=approver, at=at),
        "lines": [line_body(line, amount) for line in whole.lines],
        "taxes": [tax_body(tax, amount) for tax in whole.taxes],
        "net": amount(order.net_minor),
        "tax": amount(order.tax_minor),
        "total": amount(order.total_minor),
    }


def _taken_back(
    whole: WholeOrder, *, reason: str, goods: str, employee: str, approver: str, at: dt.datetime
) -> dict[str, Any]:
    return {
        "order": f"{whole.register_code}-{whole.order.number}",
        "location": whole.location_code,
        "currency": whole.order.currency,
        "happened_at": instant(at),
        "reason": reason or None,
        "goods": goods,
        "employee": employee or None,
        "approver": approver or None,
    }
