"""Step 3: what the chosen modifiers of a line cost per unit."""

from pos.pricing.book import BookIndex, Modifier
from pos.pricing.errors import UnknownModifier
from pos.pricing.types import CartModifier


def modifiers_price(
    *,
    modifiers: tuple[CartModifier, ...],
    item_id: str,
    location_id: str | None,
    index: BookIndex,
    pointer: str,
) -> int:
    """The price of all of them, nested ones times the quantities above them; may be below 0.

    Raises `UnknownModifier` with a pointer below `pointer`.
    """
    total = 0
    for place, chosen in enumerate(modifiers):
        modifier = index.modifiers.get(chosen.modifier_id)
        at = f"{pointer}/modifiers/{place}"
        if modifier is None:
            raise UnknownModifier(f"there is no modifier {chosen.modifier_id!r}", pointer=f"{at}/modifier_id")
        each = modifier_price(modifier=modifier, item_id=item_id, location_id=location_id)
        if chosen.modifiers:
            each += modifiers_price(
                modifiers=chosen.modifiers, item_id=item_id, location_id=location_id, index=index, pointer=at
            )
        total += each * chosen.quantity
    return total


def modifier_price(*, modifier: Modifier, item_id: str, location_id: str | None) -> int:
    """The most specific price: for item and location, for the item, for the location, else its own."""
    best, price = 0, modifier.price_minor
    for entry in modifier.prices:
        fits = entry.item_id in (None, item_id) and entry.location_id in (None, location_id)
        specific = 2 * (entry.item_id is not None) + (entry.location_id is not None)
        if fits and specific > best:
            best, price = specific, entry.price_minor
    return price
