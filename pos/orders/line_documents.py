"""A line of an order as the API answers it: with its modifiers, the components of a combo, and every tax."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from fynlo.core.clock import rfc3339
from pos.inventory.quantities import plain_quantity
from pos.orders.models import OrderLine
from pos.orders.states import ORDERED, VOIDED

Amount = Callable[[int], dict[str, Any]]
Stored = Mapping[str, Any]


def line_document(line: OrderLine, money: Amount, tax_names: Mapping[str, str]) -> dict[str, Any]:
    """The line. Of lines from before there were price lists, what was not kept follows from what was:
    the list price counted, the base was the amount, and the one tax is called as the order's (`tax_names`).
    """
    base = base_minor(line)
    list_price = line.unit_price_minor if line.list_price_minor is None else line.list_price_minor
    return {
        "id": _text(line.id),
        "state": VOIDED if line.voided_at is not None else ORDERED,
        "variant_id": str(line.variant_id),
        "sku": line.sku,
        "name": line.name,
        "unit": line.unit,
        "quantity": plain_quantity(line.quantity),
        "order_type": line.order_type or None,
        "list_price": money(list_price),
        "unit_price": money(line.unit_price_minor),
        "price_source": line.price_source,
        "price_list_id": _text(line.price_list_id),
        "modifiers": [_modifier(chosen, money) for chosen in line.modifiers],
        "modifiers_price": money(line.modifiers_minor),
        "components": [_component(part, money) for part in line.components],
        "lot": line.lot or None,
        "serial": line.serial or None,
        "use_by": None if line.use_by is None else line.use_by.isoformat(),
        "note": line.note or None,
        "kitchen_note": line.kitchen_note or None,
        "internal_note": line.internal_note or None,
        "voided": _voided(line),
        "base": money(base),
        "discount": money(line.discount_minor),
        "amount": money(base - line.discount_minor),
        "tax_class": line.tax_class_code,
        "tax_rate": plain_quantity(line.tax_rate),
        "is_tax_inclusive": line.is_tax_inclusive,
        "taxes": [_tax(tax, money) for tax in _taxes(line, tax_names)],
        "net": money(line.net_minor),
        "tax": money(line.tax_minor),
        "total": money(line.total_minor),
    }


def _voided(line: OrderLine) -> dict[str, Any] | None:
    if line.voided_at is None:
        return None
    return {"at": rfc3339(line.voided_at), "reason": line.void_reason or None}


def base_minor(line: OrderLine) -> int:
    """What the line cost before discounts, as prices are shown."""
    if line.base_minor is not None:
        return line.base_minor
    return line.total_minor if line.is_tax_inclusive else line.net_minor


def _taxes(line: OrderLine, names: Mapping[str, str]) -> Iterable[Stored]:
    if line.base_minor is not None:
        taxes: Iterable[Stored] = line.taxes
        return taxes
    only = {
        "code": line.tax_class_code,
        "name": names.get(line.tax_class_code, ""),
        "rate": plain_quantity(line.tax_rate),
        "per_unit_minor": None,
        "is_inclusive": line.is_tax_inclusive,
        "net_minor": line.net_minor,
        "tax_minor": line.tax_minor,
    }
    return [only]


def _modifier(chosen: Stored, money: Amount) -> dict[str, Any]:
    return {
        "modifier_id": chosen["modifier_id"],
        "name": chosen["name"],
        "kitchen_name": chosen["kitchen_name"],
        "quantity": chosen["quantity"],
        "price": money(chosen["price_minor"]),
        "modifiers": [_modifier(below, money) for below in chosen["modifiers"]],
    }


def _component(part: Stored, money: Amount) -> dict[str, Any]:
    return {
        "slot_id": part["slot_id"],
        "slot": part["slot"],
        "variant_id": part["variant_id"],
        "sku": part["sku"],
        "name": part["name"],
        "modifiers": [_modifier(chosen, money) for chosen in part["modifiers"]],
        "base": money(part["base_minor"]),
        "discount": money(part["discount_minor"]),
        "tax_class": part["tax_class"],
        "taxes": [_tax(tax, money) for tax in part["taxes"]],
        "net": money(part["net_minor"]),
        "tax": money(part["tax_minor"]),
        "total": money(part["total_minor"]),
    }


def _tax(tax: Stored, money: Amount) -> dict[str, Any]:
    per_unit = tax["per_unit_minor"]
    return {
        "code": tax["code"],
        "name": tax["name"],
        "rate": tax["rate"],
        "per_unit": None if per_unit is None else money(per_unit),
        "is_inclusive": tax["is_inclusive"],
        "net": money(tax["net_minor"]),
        "tax": money(tax["tax_minor"]),
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
