"""Steps 3 and 4: the base amount of each line, and the parts of a combo."""

from fractions import Fraction

from tests.pricing_reference.book import (
    Json,
    Line,
    Part,
    as_text,
    by_id,
    content_key,
    item_of,
    modifiers_key,
)
from tests.pricing_reference.numbers import nearest, shared_by_weight
from tests.pricing_reference.unit_prices import list_price, modifiers_price, price_from_lists


def lines_of(book: Json, cart: Json, context: Json) -> list[Line]:
    """All lines of a cart with their base amounts, nothing taken off yet."""
    return [line_of(book, cart, written, context) for written in cart["lines"]]


def line_of(book: Json, cart: Json, written: Json, context: Json) -> Line:
    """One line: unit price, modifiers, base amount, parts."""
    item = item_of(book, written["variant_id"])
    unit, price_list_id = price_from_lists(book, cart, written, context)
    if written.get("unit_price_minor") is not None:
        unit, price_list_id = written["unit_price_minor"], None
    line = Line(
        cart=written,
        item=item,
        order=(content_key(written), written["id"]),
        list_price=list_price(book, written["variant_id"], context),
        unit_price=unit,
        price_list_id=price_list_id,
        modifiers=modifiers_price(book, written.get("modifiers", []), item["id"], context),
    )
    line.is_combo = item.get("combo") is not None and bool(written.get("components"))
    base = base_amount(line, context["rounding"]["mode"])
    line.parts = combo_parts(book, line, base, context) if line.is_combo else [whole_line(line, base)]
    line.after_line_discounts = line.left
    return line


def base_amount(line: Line, mode: str) -> int:
    """Quantity × price rounded once; a printed amount stays as it is and the modifiers are added to it."""
    printed = line.cart.get("amount_minor")
    if printed is not None:
        return max(0, int(printed) + nearest(line.quantity * line.modifiers, mode))
    return nearest(line.quantity * max(0, line.unit_price + line.modifiers), mode)


def whole_line(line: Line, base: int) -> Part:
    """A line that is no combo is one part."""
    return Part(
        line_id=line.id,
        slot_id=None,
        variant_id=line.cart["variant_id"],
        tax_class=line.item["tax_class"],
        quantity=line.quantity,
        order_type=line.cart.get("order_type"),
        order=(*line.order, "", "", ""),
        base=base,
        left=base,
    )


def combo_parts(book: Json, line: Line, base: int, context: Json) -> list[Part]:
    """The combo's base over its components by their list prices; upcharges and components' modifiers on top."""
    components = line.cart["components"]
    weights = [Fraction(list_price(book, one["variant_id"], context)) for one in components]
    orders = [
        (*line.order, one["slot_id"], one["variant_id"], as_text(modifiers_key(one.get("modifiers", []))))
        for one in components
    ]
    shares = shared_by_weight(base, weights, [(order, place) for place, order in enumerate(orders)])
    parts = []
    for component, share, order in zip(components, shares, orders, strict=True):
        item = item_of(book, component["variant_id"])
        extra = upcharge(line.item, component)
        extra += modifiers_price(book, component.get("modifiers", []), item["id"], context)
        amount = max(0, share + nearest(line.quantity * extra, context["rounding"]["mode"]))
        parts.append(
            Part(
                line_id=line.id,
                slot_id=component["slot_id"],
                variant_id=component["variant_id"],
                tax_class=item["tax_class"],
                quantity=line.quantity,
                order_type=line.cart.get("order_type"),
                order=order,
                base=amount,
                left=amount,
            )
        )
    return parts


def upcharge(combo_item: Json, component: Json) -> int:
    """What the slot charges on top for this choice; nothing for a choice it does not offer."""
    try:
        slot = by_id(combo_item["combo"]["slots"], component["slot_id"])
    except KeyError:
        return 0
    for choice in slot["choices"]:
        if choice["variant_id"] == component["variant_id"]:
            return int(choice.get("upcharge_minor", 0))
    return 0
