"""The fingerprint of a priced cart: the same for till and server, whatever the order of the lines.

Canonical text, UTF-8, one record per line, each a JSON array without spaces; records of one kind are sorted
as text. The exact members, with a worked example: `docs/algorithms/pricing.md`. Names and the ids of lines and
of discounts given by hand are left out: they decide no amount.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from pos.pricing.canonical import canonical_json
from pos.pricing.decimals import plain_decimal
from pos.pricing.types import (
    ENGINE_VERSION,
    PricedCharge,
    PricedDiscount,
    PricedLine,
    PricedPart,
    PricedTax,
    RoundingPolicy,
    Sales,
)


def canonical_digest(
    *,
    currency: str,
    policy: RoundingPolicy,
    lines: Iterable[tuple[str, PricedLine]],
    discounts: Iterable[PricedDiscount],
    charges: Iterable[PricedCharge],
    taxes: Iterable[PricedTax],
    sales: Iterable[Sales],
    totals: tuple[int, int, int],
) -> str:
    """SHA-256, in hexadecimal, of the canonical text.

    `lines` come with their canonical content (`pos.pricing.canonical`), `totals` are subtotal, tax and tip.
    """
    subtotal, tax, tip = totals
    text = "\n".join(
        [
            canonical_json(["fynlo-pricing", ENGINE_VERSION, currency, policy.code]),
            *sorted([_line(content, line) for content, line in lines]),
            *sorted([canonical_json(_discount(discount)) for discount in discounts]),
            *sorted([canonical_json(_charge(charge)) for charge in charges]),
            *[canonical_json(["tax", *_tax(tax)]) for tax in taxes],
            *[canonical_json(["sales", row.tax_class, row.net_minor]) for row in sales],
            canonical_json(["total", subtotal, tax, subtotal + tax, tip, subtotal + tax + tip]),
            "",
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _line(content: str, line: PricedLine) -> str:
    """The content of the line stands in its record as the canonical text that is known already."""
    amounts = canonical_json(
        [
            line.list_price_minor,
            line.unit_price_minor,
            line.price_list_id,
            line.modifiers_minor,
            line.base_minor,
            line.discount_minor,
            line.net_minor,
            line.tax_minor,
            line.tax_class,
            [_tax(tax) for tax in line.taxes],
            sorted([_part(part) for part in line.parts], key=canonical_json),
        ]
    )
    return f'["line",{content},{amounts}]'


def _part(part: PricedPart) -> list[Any]:
    return [
        part.slot_id,
        part.variant_id,
        part.base_minor,
        part.discount_minor,
        part.net_minor,
        part.tax_minor,
        part.tax_class,
        [_tax(tax) for tax in part.taxes],
    ]


def _tax(tax: PricedTax) -> list[Any]:
    terms = tax.per_unit_minor if tax.rate is None else plain_decimal(tax.rate)
    return [tax.code, terms, tax.inclusive, tax.net_minor, tax.tax_minor]


def _discount(discount: PricedDiscount) -> list[Any]:
    named = discount.id if discount.kind == "promotion" else None
    return ["discount", discount.kind, named, discount.amount_minor]


def _charge(charge: PricedCharge) -> list[Any]:
    return ["charge", charge.id, charge.phase, charge.amount_minor, charge.net_minor, charge.tax_minor]
