"""Papers as JSON values: the shape that is documented in OpenAPI. Pure."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from fynlo.core.clock import rfc3339
from pos.pricing.decimals import plain_decimal
from pos.receipts.document import (
    ReceiptAmount,
    ReceiptComponent,
    ReceiptDocument,
    ReceiptLine,
    ReceiptModifier,
    ReceiptTax,
)
from pos.receipts.sheets import SheetDocument, SheetFact, SheetRow


def receipt_values(document: ReceiptDocument) -> dict[str, Any]:
    """A receipt. A gift receipt has no amounts at all."""
    values = _head(document) | {
        "kind": document.kind,
        "number": document.number,
        "order": document.order or None,
        "original": document.original or None,
        "reason": document.reason or None,
        "copy": document.copy,
        "header": list(document.header),
        "footer": list(document.footer),
        "has_logo": bool(document.logo),
        "link": document.link or None,
        "sold_at": rfc3339(document.sold_at),
        "local_time": document.sold_at.isoformat(timespec="seconds"),
        "order_type": document.order_type or None,
        "note": document.note or None,
        "customer": _customer(document),
        "lines": [_line(line, document) for line in document.lines],
    }
    return values | (_amounts(document) if document.has_prices else {})


def sheet_values(document: SheetDocument) -> dict[str, Any]:
    """A slip, a report or a statement."""
    return _head(document) | {
        "kind": document.kind,
        "number": document.number,
        "at": rfc3339(document.at),
        "local_time": document.at.isoformat(timespec="seconds"),
        "facts": [_fact(fact, document) for fact in document.facts],
        "sections": [
            {"key": section.key, "rows": [_row(row, document) for row in section.rows]}
            for section in document.sections
        ],
        "is_signed": document.is_signed,
    }


def _head(document: ReceiptDocument | SheetDocument) -> dict[str, Any]:
    return {
        "language": document.language,
        "currency": document.currency,
        "merchant": document.merchant,
        "location": document.location,
        "address": list(document.address),
        "tax_number": document.tax_number or None,
        "register": document.register,
        "employee": document.employee or None,
        "business_date": document.business_date.isoformat(),
        "is_training": document.is_training,
    }


def _amounts(document: ReceiptDocument) -> dict[str, Any]:
    return {
        "subtotal": _money(document.subtotal_minor, document),
        "discounts": [_amount(given, document) for given in document.discounts],
        "charges": [_amount(charge, document) for charge in document.charges],
        "removed_tax": _money(document.removed_tax_minor, document),
        "taxes": [_tax(tax, document) for tax in document.taxes],
        "total": _money(document.total_minor, document),
        "tip": _money(document.tip_minor, document),
        "payable": _money(document.payable_minor, document),
        "rounding": _money(document.rounding_minor, document),
        "tenders": [
            {
                "name": tender.name,
                "detail": tender.detail or None,
                "card": None if tender.card is None else asdict(tender.card),
                "tendered": _money(tender.tendered_minor, document),
                "change": _money(tender.change_minor, document),
            }
            for tender in document.tenders
        ],
        "change": _money(document.change_minor, document),
        "due": _money(max(0, document.due_minor), document),
    }


def _line(line: ReceiptLine, document: ReceiptDocument) -> dict[str, Any]:
    values = {
        "name": line.name,
        "quantity": plain_decimal(line.quantity),
        "unit": line.unit,
        "order_type": line.order_type or None,
        "lot": line.lot or None,
        "use_by": _day(line.use_by),
        "note": line.note or None,
        "modifiers": [_modifier(one, document) for one in line.modifiers],
        "components": [_component(one, document) for one in line.components],
    }
    if not document.has_prices:
        return values
    return values | {
        "unit_price": _money(line.unit_price_minor, document),
        "amount": _money(line.amount_minor, document),
        "taxes": list(line.taxes),
        "discounts": [_amount(given, document) for given in line.discounts],
    }


def _component(component: ReceiptComponent, document: ReceiptDocument) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": component.name,
        "modifiers": [_modifier(one, document) for one in component.modifiers],
    }
    return values | ({"taxes": list(component.taxes)} if document.has_prices else {})


def _modifier(modifier: ReceiptModifier, document: ReceiptDocument) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": modifier.name,
        "quantity": modifier.quantity,
        "depth": modifier.depth,
    }
    return values | ({"price": _money(modifier.price_minor, document)} if document.has_prices else {})


def _tax(tax: ReceiptTax, document: ReceiptDocument) -> dict[str, Any]:
    return {
        "key": tax.key,
        "name": tax.name,
        "rate": None if tax.rate is None else plain_decimal(tax.rate),
        "is_inclusive": tax.is_inclusive,
        "net": _money(tax.net_minor, document),
        "tax": _money(tax.tax_minor, document),
        "gross": _money(tax.gross_minor, document),
    }


def _customer(document: ReceiptDocument) -> dict[str, Any] | None:
    customer = document.customer
    if customer is None:
        return None
    return {
        "name": customer.name,
        "address": list(customer.address),
        "tax_number": customer.tax_number or None,
    }


def _amount(amount: ReceiptAmount, document: ReceiptDocument) -> dict[str, Any]:
    return {"name": amount.name, "amount": _money(amount.amount_minor, document)}


def _fact(fact: SheetFact, document: SheetDocument) -> dict[str, Any]:
    return {
        "key": fact.key,
        "text": fact.text or None,
        "at": None if fact.at is None else rfc3339(fact.at),
        "date": _day(fact.day),
        "amount": None if fact.amount_minor is None else _money(fact.amount_minor, document),
    }


def _row(row: SheetRow, document: SheetDocument) -> dict[str, Any]:
    return {
        "key": row.key or None,
        "text": row.text or None,
        "count": row.count,
        "amount": None if row.amount_minor is None else _money(row.amount_minor, document),
        "is_sum": row.is_sum,
    }


def _money(minor: int, document: ReceiptDocument | SheetDocument) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": document.currency}


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
