"""What a line is, as text: equal texts are interchangeable lines, and other texts have one order everywhere.

Left-over cents and the choice between equal units follow this order, so that typing a cart in another order
changes nothing. Ids and names of discounts are left out: they decide no amount.
"""

import json
from typing import Any

from pos.pricing.decimals import plain_decimal
from pos.pricing.types import CartComponent, CartDiscount, CartLine, CartModifier

canonical_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""JSON without spaces, characters as they are."""


def content_key(line: CartLine) -> str:
    """The canonical content of a line: variant, quantity, own prices, order type, choices, discounts."""
    return canonical_json(
        [
            line.variant_id,
            plain_decimal(line.quantity),
            line.unit_price_minor,
            line.amount_minor,
            line.order_type,
            _modifiers(line.modifiers) if line.modifiers else [],
            sorted([_component(component) for component in line.components], key=canonical_json),
            [_discount(discount) for discount in line.discounts],
        ]
    )


def component_key(component: CartComponent) -> tuple[str, str, str]:
    """The order of the parts of a line: slot, variant, then the rest of what they are."""
    return component.slot_id, component.variant_id, canonical_json(_component(component))


def _modifiers(modifiers: tuple[CartModifier, ...]) -> list[list[Any]]:
    contents = [
        [modifier.modifier_id, modifier.quantity, _modifiers(modifier.modifiers)] for modifier in modifiers
    ]
    return sorted(contents, key=canonical_json) if len(contents) > 1 else contents


def _component(component: CartComponent) -> list[Any]:
    return [component.slot_id, component.variant_id, _modifiers(component.modifiers)]


def _discount(discount: CartDiscount) -> list[Any]:
    if discount.percent is not None:
        return ["percent", plain_decimal(discount.percent)]
    return ["amount", discount.amount_minor]
