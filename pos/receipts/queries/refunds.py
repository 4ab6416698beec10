"""A refund's receipt, from the refund as it was answered and kept."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.errors import NotFound
from pos.orders.models import Refund
from pos.orders.queries.refunds import refund_document
from pos.receipts import links
from pos.receipts.around import around
from pos.receipts.document import (
    REFUND,
    ReceiptAmount,
    ReceiptDocument,
    ReceiptLine,
    ReceiptTax,
    ReceiptTender,
)
from pos.receipts.queries.orders import Asked, first_name
from pos.receipts.renderers.labels import labels_for
from pos.receipts.signing import signing_lines

Stored = Mapping[str, Any]


def refund_receipt(*, refund_id: UUID, asked: Asked | None = None) -> ReceiptDocument:
    """What the receipt of a refund says: what came back, the tax on it, and in which ways the money went.

    Amounts are what went back, above zero. Raises `NotFound`.
    """
    asked = asked or Asked()
    refund = Refund.objects.select_related("register", "location").filter(pk=refund_id).first()
    if refund is None:
        raise NotFound("There is no such refund.")
    words, stored = around(location=refund.location), refund_document(refund_id=refund_id)
    is_deposit = not refund.total_minor and not refund.tip_minor
    has_link = words.has_link and asked.origin and not asked.is_public
    signed = signing_lines(
        unit=words.signing_unit,
        register_id=refund.register_id,
        number=stored["reference"],
        language=words.language,
    )
    return ReceiptDocument(
        kind=REFUND,
        language=words.language,
        currency=refund.currency,
        merchant=words.merchant,
        location=words.location,
        address=words.address,
        header=words.header,
        logo=words.logo,
        tax_number=words.tax_number,
        number=stored["reference"],
        original=stored["order_receipt"] or stored["order_reference"] or "",
        reason="" if asked.is_public else refund.reason,
        register=refund.register.name,
        employee=first_name(refund.employee_name) if asked.is_public else refund.employee_name,
        sold_at=refund.at.astimezone(words.zone),
        business_date=refund.business_date,
        lines=tuple(_line(line) for line in stored["lines"]),
        taxes=_taxes(stored),
        charges=_charges(stored, words.language),
        total_minor=refund.amount_minor if is_deposit else refund.total_minor,
        tip_minor=refund.tip_minor,
        rounding_minor=refund.rounding_minor,
        tenders=tuple(_tender(money) for money in stored["tenders"]),
        footer=(*words.footer, *signed),
        copy=asked.copy,
        link=links.link(origin=asked.origin, kind=links.REFUND, key=refund.pk) if has_link else "",
    )


def _line(line: Stored) -> ReceiptLine:
    quantity, total = Decimal(line["quantity"]), int(line["total"]["amount_minor"])
    return ReceiptLine(
        name=line["name"],
        quantity=quantity,
        unit=line["unit"],
        unit_price_minor=round(total / quantity) if quantity else total,
        amount_minor=total,
        taxes=tuple(map(_key, line["taxes"])),
    )


def _taxes(stored: Stored) -> tuple[ReceiptTax, ...]:
    """The tax table. Bases are shares rounded by themselves; with one tax a line they add up to the net."""
    rows = [_tax(tax) for tax in stored["taxes"]]
    over = sum(row.net_minor for row in rows) - int(stored["net"]["amount_minor"])
    if not rows or any(len(line["taxes"]) > 1 for line in stored["lines"]) or abs(over) > len(rows):
        return tuple(rows)
    largest = max(range(len(rows)), key=lambda place: rows[place].net_minor)
    row = rows[largest]
    rows[largest] = replace(row, net_minor=row.net_minor - over, gross_minor=row.gross_minor - over)
    return tuple(rows)


def _tax(tax: Stored) -> ReceiptTax:
    """Every amount of a refund contains its tax, whatever prices did."""
    net, amount = int(tax["net"]["amount_minor"]), int(tax["tax"]["amount_minor"])
    return ReceiptTax(
        key=_key(tax),
        name=tax["name"],
        rate=None if tax["per_unit"] is not None else Decimal(tax["rate"]),
        is_inclusive=True,
        net_minor=net,
        tax_minor=amount,
        gross_minor=net + amount,
    )


def _charges(stored: Stored, language: str) -> tuple[ReceiptAmount, ...]:
    labels = labels_for(language)
    parts = (("service_charges", stored["service_charge"]), ("goodwill", stored["goodwill"]))
    return tuple(
        ReceiptAmount(name=labels.term(key), amount_minor=money["amount_minor"])
        for key, money in parts
        if money["amount_minor"]
    )


def _tender(money: Stored) -> ReceiptTender:
    value = money.get("stored_value")  # refunds from before there were cards have none
    last4 = money["last4"] or (value["last4"] if value else "")
    card = f"*{last4}" if last4 else ""
    return ReceiptTender(
        name=money["name"],
        tendered_minor=money["given"]["amount_minor"],
        detail=" ".join(filter(None, (card, money["house_account"]))),
    )


def _key(tax: Stored) -> str:
    per_unit = tax["per_unit"]
    return f"{tax['code']} {tax['rate']} {per_unit and per_unit['amount_minor']} {tax['is_inclusive']}"
