"""The parts of a receipt, from what was stored with the order."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pos.inventory.quantities import plain_quantity
from pos.orders.documents import WholeOrder
from pos.orders.line_documents import base_minor
from pos.orders.models import OrderLine, OrderTax
from pos.receipts.document import (
    ReceiptAmount,
    ReceiptComponent,
    ReceiptLine,
    ReceiptModifier,
    ReceiptTax,
)

Stored = Mapping[str, Any]


def receipt_lines(whole: WholeOrder) -> tuple[ReceiptLine, ...]:
    """The lines, each with the discounts that were taken off it alone."""
    usual = whole.order.context.get("order_type") or ""
    return tuple(
        ReceiptLine(
            name=line.name,
            quantity=line.quantity,
            unit=line.unit,
            unit_price_minor=line.unit_price_minor,
            amount_minor=base_minor(line),
            taxes=_line_keys(line),
            modifiers=tuple(_modifiers(line.modifiers)),
            components=tuple(_component(part) for part in line.components),
            discounts=tuple(_line_discounts(whole, line)),
            order_type="" if line.order_type == usual else line.order_type,
            lot=line.lot,
            use_by=line.use_by,
            note=line.note,
        )
        for line in whole.lines_left
    )


def receipt_taxes(whole: WholeOrder) -> tuple[ReceiptTax, ...]:
    """The tax table, in the order of the order's taxes."""
    return tuple(
        ReceiptTax(
            key=_row_key(tax),
            name=tax.name,
            rate=None if tax.per_unit_minor is not None else tax.rate,
            is_inclusive=tax.is_inclusive,
            net_minor=tax.net_minor,
            tax_minor=tax.tax_minor,
            gross_minor=tax.net_minor + tax.tax_minor,
        )
        for tax in whole.taxes_left
    )


def receipt_discounts(whole: WholeOrder) -> tuple[ReceiptAmount, ...]:
    """What was taken off the order as a whole."""
    return tuple(
        ReceiptAmount(name=given["name"], amount_minor=given["amount_minor"])
        for given in whole.order.discounts
        if given["kind"] == "order"
    )


def receipt_charges(whole: WholeOrder) -> tuple[ReceiptAmount, ...]:
    """The service charges."""
    return tuple(
        ReceiptAmount(name=charge["name"], amount_minor=charge["amount_minor"])
        for charge in whole.order.service_charges
    )


def removed_tax(whole: WholeOrder) -> int:
    """Tax that prices contain and that this customer does not pay: what is left between lines and total."""
    order = whole.order
    shown = (
        sum(base_minor(line) for line in whole.lines_left) - order.discount_minor + order.service_charge_minor
    )
    added = sum(tax.tax_minor for tax in whole.taxes_left if not tax.is_inclusive)
    return int(shown + added - order.total_minor)


def _line_discounts(whole: WholeOrder, line: OrderLine) -> Iterator[ReceiptAmount]:
    for given in whole.order.discounts:
        if given["kind"] == "order":
            continue
        for share in given["allocations"]:
            if share["line_id"] == str(line.id):
                yield ReceiptAmount(name=given["name"], amount_minor=share["amount_minor"])


def _component(part: Stored) -> ReceiptComponent:
    return ReceiptComponent(
        name=part["name"],
        taxes=tuple(_stored_key(tax) for tax in part["taxes"]),
        modifiers=tuple(_modifiers(part["modifiers"])),
    )


def _modifiers(chosen: Iterable[Stored], depth: int = 0) -> Iterator[ReceiptModifier]:
    for modifier in chosen:
        yield ReceiptModifier(
            name=modifier["name"],
            quantity=modifier["quantity"],
            price_minor=modifier["price_minor"],
            depth=depth,
        )
        yield from _modifiers(modifier["modifiers"], depth + 1)


def _line_keys(line: OrderLine) -> tuple[str, ...]:
    if line.base_minor is None:  # from before lines had several taxes
        return (_key(line.tax_class_code, line.tax_rate, None, line.is_tax_inclusive),)
    return tuple(_stored_key(tax) for tax in line.taxes)


def _row_key(tax: OrderTax) -> str:
    return _key(tax.tax_class_code, tax.rate, tax.per_unit_minor, tax.is_inclusive)


def _stored_key(tax: Stored) -> str:
    return _key(tax["code"], Decimal(tax["rate"]), tax["per_unit_minor"], tax["is_inclusive"])


def _key(code: str, rate: Decimal, per_unit_minor: int | None, is_inclusive: bool) -> str:
    return f"{code} {plain_quantity(rate)} {per_unit_minor} {is_inclusive}"
