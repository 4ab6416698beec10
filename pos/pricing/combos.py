"""Step 4: a combo's price shared over its components, each taxed as what it is."""

from pos.pricing.arithmetic import Rounding, share
from pos.pricing.book import Book, Item
from pos.pricing.canonical import component_key
from pos.pricing.decimals import SCALE
from pos.pricing.errors import UnknownVariant
from pos.pricing.list_prices import list_price
from pos.pricing.modifiers import modifiers_price
from pos.pricing.types import CartComponent, CartLine, Context
from pos.pricing.working import Part


def line_parts(
    *,
    line: CartLine,
    item: Item,
    extended: int,
    quantity: int,
    context: Context,
    book: Book,
    round_to_minor: Rounding,
    pointer: str,
) -> list[Part]:
    """The parts of a line that costs `extended`: itself, or the components of a combo with their extras.

    `extended` is shared in proportion to the components' list prices, then each gets what it costs extra.
    Raises `UnknownVariant` or `UnknownModifier` with a pointer below `pointer`.
    """
    if item.combo is None or not line.components:
        return [Part(item.tax_class, extended)]
    # The order of ties is not the order of typing; pointers are those of the cart.
    ranked = sorted(enumerate(line.components), key=lambda entry: component_key(entry[1]))
    places = [f"{pointer}/components/{place}" for place, _ in ranked]
    components = [component for _, component in ranked]
    items = [_item_of(component, book, at) for component, at in zip(components, places, strict=True)]
    weights = [
        list_price(variant=book.index.variants[component.variant_id], at=context.at)
        for component in components
    ]
    parts = []
    for component, own, weighed, at in zip(components, items, share(extended, weights), places, strict=True):
        extra = _upcharge(item, component) + modifiers_price(
            modifiers=component.modifiers,
            item_id=own.id,
            location_id=context.location_id,
            index=book.index,
            pointer=at,
        )
        base = max(0, weighed + round_to_minor(quantity * extra, SCALE))
        parts.append(Part(own.tax_class, base, component))
    return parts


def _item_of(component: CartComponent, book: Book, pointer: str) -> Item:
    try:
        return book.index.item_of[component.variant_id]
    except KeyError:
        raise UnknownVariant(
            f"there is no variant {component.variant_id!r}", pointer=f"{pointer}/variant_id"
        ) from None


def _upcharge(item: Item, component: CartComponent) -> int:
    """What the chosen variant costs more in its slot; nothing when the slot does not offer it."""
    for slot in item.combo.slots if item.combo else ():
        if slot.id == component.slot_id:
            for choice in slot.choices:
                if choice.variant_id == component.variant_id:
                    return choice.upcharge_minor
    return 0
