"""Where every cent of a priced cart comes from, as a tree of steps.

Built out of what the engine recorded; nothing is priced again. In each line the effects add up to the line's
total, and those of the order to what is to be paid.
"""

from collections.abc import Iterator
from typing import Any

from pos.pricing.decimals import SCALE, millionths, plain_decimal
from pos.pricing.types import PricedCart, PricedDiscount, PricedLine, PricedPart, PricedTax
from pos.pricing.writing import tax_terms

Explanation = dict[str, Any]
Step = tuple[str, int, dict[str, Any]]
"""Name, effect in minor units, and what a sentence about it needs to know."""

_DISCOUNT_STEPS = {"line": "discount", "promotion": "promotion", "order": "order_discount"}


def explain(priced: PricedCart) -> Explanation:
    """The steps of each line, then those of the order, each with its effect and the amount after it."""
    discounts = _discounts_by_line(priced)
    return {
        "currency": priced.currency,
        "engine": priced.engine_version,
        "policy": priced.policy.code,
        "lines": [
            {
                "id": line.line.id,
                "variant_id": line.line.variant_id,
                "quantity": plain_decimal(line.line.quantity),
                "total_minor": line.total_minor,
                "steps": _told(_line_steps(line, discounts.get(line.line.id, []))),
            }
            for line in priced.lines
        ],
        "steps": _told(_order_steps(priced)),
        "total_minor": priced.total_minor,
        "payable_minor": priced.payable_minor,
    }


def _told(steps: Iterator[Step]) -> list[Explanation]:
    told, after = [], 0
    for name, amount, data in steps:
        after += amount
        told.append({"step": name, "amount_minor": amount, "after_minor": after, "data": data})
    return told


def _line_steps(line: PricedLine, discounts: list[tuple[PricedDiscount, int]]) -> Iterator[Step]:
    yield "list_price", line.list_price_minor, {"list_price_minor": line.list_price_minor}
    yield from _price_steps(line)
    if line.parts:
        yield "combo", line.base_minor - line.extended_minor, {"parts": [_part(part) for part in line.parts]}
    for discount, amount in discounts:
        yield _DISCOUNT_STEPS[discount.kind], -amount, {"id": discount.id, "name": discount.name}
    if line.removed_tax_minor:
        yield "contained_tax_removed", -line.removed_tax_minor, {}
    for tax in line.taxes:
        yield "tax", 0 if tax.inclusive else tax.tax_minor, _tax(tax)


def _price_steps(line: PricedLine) -> Iterator[Step]:
    """From the list price to what the quantity costs with its modifiers."""
    source, unit = line.line, line.unit_price_minor
    modifiers = {"modifiers_minor": line.modifiers_minor}
    if source.amount_minor is not None:
        yield "override", source.amount_minor - line.list_price_minor, {"amount_minor": source.amount_minor}
        if source.modifiers:
            yield "modifiers", line.extended_minor - source.amount_minor, modifiers
        return
    if source.unit_price_minor is not None:
        yield "override", unit - line.list_price_minor, {"unit_price_minor": unit}
    elif line.price_list_id is not None:
        data = {"price_list_id": line.price_list_id, "unit_price_minor": unit}
        yield "price_list", unit - line.list_price_minor, data
    each = max(0, unit + line.modifiers_minor)
    if source.modifiers:
        yield "modifiers", each - unit, modifiers
    if millionths(source.quantity) != SCALE:
        yield "quantity", line.extended_minor - each, {"quantity": plain_decimal(source.quantity)}


def _order_steps(priced: PricedCart) -> Iterator[Step]:
    yield "lines", sum([line.total_minor for line in priced.lines]), {}
    for charge in priced.service_charges:
        data = {
            "id": charge.id,
            "name": charge.name,
            "phase": charge.phase,
            "taxes": [_tax(tax) for tax in charge.taxes],
        }
        yield "service_charge", charge.total_minor, data
    if priced.tip_minor:
        yield "tip", priced.tip_minor, {}


def _discounts_by_line(priced: PricedCart) -> dict[str, list[tuple[PricedDiscount, int]]]:
    by_line: dict[str, list[tuple[PricedDiscount, int]]] = {}
    for discount in priced.discounts:
        for share in discount.allocations:
            by_line.setdefault(share.line_id, []).append((discount, share.amount_minor))
    return by_line


def _part(part: PricedPart) -> dict[str, Any]:
    return {"slot_id": part.slot_id, "variant_id": part.variant_id, "base_minor": part.base_minor}


def _tax(tax: PricedTax) -> dict[str, Any]:
    return {**tax_terms(tax), "name": tax.name, "net_minor": tax.net_minor, "tax_minor": tax.tax_minor}
