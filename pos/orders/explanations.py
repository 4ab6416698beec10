"""Where each cent of a basket comes from, with the names of the moment: what pricing recorded, made readable.

The steps and their amounts are those of `pos.pricing.explaining`; this adds what things are called, because
ids tell a cashier nothing and names in the catalogue change.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from pos.inventory.quantities import plain_quantity
from pos.orders.basket import Basket
from pos.orders.documents import WholeOrder
from pos.orders.drafts import LineDraft, ModifierDraft
from pos.orders.line_documents import base_minor
from pos.orders.models import OrderLine
from pos.pricing.explaining import explain


def explanation(basket: Basket) -> dict[str, Any]:
    """The tree of steps of every line and of the order, as it is stored and told."""
    told = explain(basket.priced)
    for line, draft in zip(told["lines"], basket.draft.lines, strict=True):
        variant = basket.book.variants[draft.variant_id]
        line["name"], line["unit"] = variant.name, variant.unit
        for step in line["steps"]:
            _name(step, draft, basket)
    return told


def short_explanation(whole: WholeOrder) -> dict[str, Any]:
    """What the rows of an order from before explanations were kept tell: price, quantity, tax."""
    order = whole.order
    return {
        "currency": order.currency,
        "engine": order.pricing_engine,
        "policy": order.rounding_policy,
        "lines": [_short_line(line) for line in whole.lines],
        "steps": _steps(("lines", order.total_minor, {})),
        "total_minor": order.total_minor,
        "payable_minor": whole.payable_minor,
    }


def told_explanation(stored: Mapping[str, Any]) -> dict[str, Any]:
    """An explanation with its members in one order, because the database's JSON keeps none."""
    return {
        "currency": stored["currency"],
        "engine": stored["engine"],
        "policy": stored["policy"],
        "lines": [
            {
                "id": line["id"],
                "variant_id": line["variant_id"],
                "name": line["name"],
                "unit": line["unit"],
                "quantity": line["quantity"],
                "total_minor": line["total_minor"],
                "steps": _told_steps(line["steps"]),
            }
            for line in stored["lines"]
        ],
        "steps": _told_steps(stored["steps"]),
        "total_minor": stored["total_minor"],
        "payable_minor": stored["payable_minor"],
    }


def _told_steps(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "step": step["step"],
            "amount_minor": step["amount_minor"],
            "after_minor": step["after_minor"],
            "data": _sorted(step["data"]),
        }
        for step in steps
    ]


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _short_line(line: OrderLine) -> dict[str, Any]:
    quantity, base = plain_quantity(line.quantity), base_minor(line)
    tax = {
        "code": line.tax_class_code,
        "name": line.tax_class_code,
        "rate": plain_quantity(line.tax_rate),
        "inclusive": line.is_tax_inclusive,
        "net_minor": line.net_minor,
        "tax_minor": line.tax_minor,
    }
    return {
        "id": str(line.id),
        "variant_id": str(line.variant_id),
        "name": line.name,
        "unit": line.unit,
        "quantity": quantity,
        "total_minor": line.total_minor,
        "steps": _steps(
            ("list_price", line.unit_price_minor, {"list_price_minor": line.unit_price_minor}),
            ("quantity", base - line.unit_price_minor, {"quantity": quantity}),
            ("tax", line.total_minor - base, tax),
        ),
    }


def _steps(*steps: tuple[str, int, dict[str, Any]]) -> list[dict[str, Any]]:
    sums = accumulate(amount for _, amount, _ in steps)
    return [
        {"step": name, "amount_minor": amount, "after_minor": after, "data": data}
        for (name, amount, data), after in zip(steps, sums, strict=True)
    ]


def _name(step: dict[str, Any], draft: LineDraft, basket: Basket) -> None:
    data = step["data"]
    match step["step"]:
        case "price_list":
            names = {entry.id: entry.name for entry in basket.book.book.price_lists}
            data["name"] = names[data["price_list_id"]]
        case "modifiers":
            data["modifiers"] = _modifiers(draft.modifiers, basket)
        case "combo":
            chosen = {(str(part.slot_id), str(part.variant_id)): part for part in draft.components}
            for part in data["parts"]:
                component = chosen[(part["slot_id"], part["variant_id"])]
                part["name"] = basket.book.variants[component.variant_id].name
                part["modifiers"] = _modifiers(component.modifiers, basket)


def _modifiers(modifiers: Sequence[ModifierDraft], basket: Basket) -> list[dict[str, Any]]:
    return [
        {
            "name": basket.book.modifiers[chosen.modifier_id].name,
            "quantity": chosen.quantity,
            "modifiers": _modifiers(chosen.modifiers, basket),
        }
        for chosen in modifiers
    ]
