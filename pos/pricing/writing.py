"""A priced cart as the JSON document that vectors, the API and stored orders speak.

The members and their meaning are listed in `docs/algorithms/pricing.md`.
"""

from collections.abc import Sequence
from typing import Any

from pos.pricing.decimals import plain_decimal
from pos.pricing.refunds import RefundedCart, RefundedLine
from pos.pricing.splitting import Check
from pos.pricing.types import PricedCart, PricedCharge, PricedDiscount, PricedLine, PricedPart, PricedTax

Document = dict[str, Any]


def result_document(priced: PricedCart) -> Document:
    """The whole result: money as whole minor units, decimals as text."""
    return {
        "currency": priced.currency,
        "engine": priced.engine_version,
        "policy": priced.policy.code,
        "lines": [_line(line) for line in priced.lines],
        "discounts": [_discount(discount) for discount in priced.discounts],
        "service_charges": [_charge(charge) for charge in priced.service_charges],
        "taxes": [_named_tax(tax) for tax in priced.taxes],
        "sales": [{"tax_class": row.tax_class, "net_minor": row.net_minor} for row in priced.sales],
        "subtotal_minor": priced.subtotal_minor,
        "tax_minor": priced.tax_minor,
        "total_minor": priced.total_minor,
        "tip_minor": priced.tip_minor,
        "payable_minor": priced.payable_minor,
        "digest": priced.digest,
    }


def tax_terms(tax: PricedTax) -> Document:
    """What makes two taxes one: the code, the rate or the amount per unit, and whether prices contain it."""
    document: Document = {"code": tax.code}
    if tax.rate is not None:
        document["rate"] = plain_decimal(tax.rate)
    else:
        document["per_unit_minor"] = tax.per_unit_minor
    document["inclusive"] = tax.inclusive
    return document


def _line(line: PricedLine) -> Document:
    return {
        "id": line.line.id,
        "variant_id": line.line.variant_id,
        "quantity": plain_decimal(line.line.quantity),
        "list_price_minor": line.list_price_minor,
        "unit_price_minor": line.unit_price_minor,
        "price_list_id": line.price_list_id,
        "modifiers_minor": line.modifiers_minor,
        "base_minor": line.base_minor,
        "discount_minor": line.discount_minor,
        "amount_minor": line.amount_minor,
        "net_minor": line.net_minor,
        "tax_minor": line.tax_minor,
        "total_minor": line.total_minor,
        "tax_class": line.tax_class,
        "taxes": [_tax(tax) for tax in line.taxes],
        "parts": [_part(part) for part in line.parts],
    }


def _part(part: PricedPart) -> Document:
    return {
        "slot_id": part.slot_id,
        "variant_id": part.variant_id,
        "base_minor": part.base_minor,
        "discount_minor": part.discount_minor,
        "net_minor": part.net_minor,
        "tax_minor": part.tax_minor,
        "total_minor": part.total_minor,
        "tax_class": part.tax_class,
        "taxes": [_tax(tax) for tax in part.taxes],
    }


def _tax(tax: PricedTax) -> Document:
    return {**tax_terms(tax), "net_minor": tax.net_minor, "tax_minor": tax.tax_minor}


def _named_tax(tax: PricedTax) -> Document:
    return {"code": tax.code, "name": tax.name, **_tax(tax)}


def _discount(discount: PricedDiscount) -> Document:
    return {
        "kind": discount.kind,
        "id": discount.id,
        "name": discount.name,
        "amount_minor": discount.amount_minor,
        "allocations": [
            {"line_id": share.line_id, "amount_minor": share.amount_minor} for share in discount.allocations
        ],
    }


def _charge(charge: PricedCharge) -> Document:
    return {
        "id": charge.id,
        "name": charge.name,
        "phase": charge.phase,
        "amount_minor": charge.amount_minor,
        "net_minor": charge.net_minor,
        "tax_minor": charge.tax_minor,
        "total_minor": charge.total_minor,
        "taxes": [_tax(tax) for tax in charge.taxes],
    }


def refund_document(refunded: RefundedCart) -> Document:
    """What is given back: every amount is 0 or below."""
    return {
        "currency": refunded.currency,
        "lines": [_refunded_line(line) for line in refunded.lines],
        "service_charges": [
            {
                "id": charge.id,
                "net_minor": charge.net_minor,
                "tax_minor": charge.tax_minor,
                "total_minor": charge.total_minor,
            }
            for charge in refunded.service_charges
        ],
        "subtotal_minor": refunded.subtotal_minor,
        "tax_minor": refunded.tax_minor,
        "total_minor": refunded.total_minor,
        "tip_minor": refunded.tip_minor,
        "payable_minor": refunded.payable_minor,
    }


def checks_document(checks: Sequence[Check]) -> Document:
    """The checks a sale was split into."""
    return {
        "checks": [
            {
                "subtotal_minor": check.subtotal_minor,
                "tax_minor": check.tax_minor,
                "total_minor": check.total_minor,
                "tip_minor": check.tip_minor,
                "payable_minor": check.payable_minor,
                "taxes": [{**tax_terms(tax.tax), "tax_minor": tax.tax_minor} for tax in check.taxes],
            }
            for check in checks
        ]
    }


def _refunded_line(line: RefundedLine) -> Document:
    return {
        "id": line.id,
        "quantity": plain_decimal(line.quantity),
        "components": [
            {"slot_id": component.slot_id, "quantity": plain_decimal(component.quantity)}
            for component in line.components
        ],
        "net_minor": line.net_minor,
        "tax_minor": line.tax_minor,
        "total_minor": line.total_minor,
        "taxes": [
            {**tax_terms(tax.tax), "net_minor": tax.net_minor, "tax_minor": tax.tax_minor}
            for tax in line.taxes
        ],
    }
