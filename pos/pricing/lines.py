"""Steps 1 to 4 for every line: what it costs before any discount."""

from collections import Counter

from pos.pricing.arithmetic import Rounding
from pos.pricing.book import Book, BookIndex, Item, PriceList
from pos.pricing.canonical import content_key
from pos.pricing.combos import line_parts
from pos.pricing.conditions import holds
from pos.pricing.decimals import SCALE, millionths
from pos.pricing.errors import UnknownVariant
from pos.pricing.limits import check_modifiers
from pos.pricing.list_prices import list_price, listed_price
from pos.pricing.modifiers import modifiers_price
from pos.pricing.types import Cart, CartLine, Context
from pos.pricing.working import Line


def priced_lines(*, cart: Cart, context: Context, book: Book, round_to_minor: Rounding) -> list[Line]:
    """The lines in canonical order: by what they are, then by id. Raises what is unknown by name."""
    quantities: Counter[str] = Counter()
    for line in cart.lines:
        quantities[line.variant_id] += millionths(line.quantity)
    lists = [entry for entry in book.index.price_lists if holds(when=entry.when, context=context)]
    lines = [
        _line(place, line, quantities[line.variant_id], lists, context, book, round_to_minor)
        for place, line in enumerate(cart.lines)
    ]
    lines.sort(key=lambda line: (line.key, line.source.id))
    return lines


def _line(
    place: int,
    line: CartLine,
    variant_quantity: int,
    lists: list[PriceList],
    context: Context,
    book: Book,
    round_to_minor: Rounding,
) -> Line:
    index, pointer = book.index, f"/lines/{place}"
    variant = index.variants.get(line.variant_id)
    if variant is None:
        raise UnknownVariant(f"there is no variant {line.variant_id!r}", pointer=f"{pointer}/variant_id")
    item = index.item_of[line.variant_id]
    price = list_price(variant=variant, at=context.at)
    unit_price, list_id = _unit_price(line, price, item, variant_quantity, lists, index, round_to_minor)
    modifiers = modifiers_price(
        modifiers=line.modifiers,
        item_id=item.id,
        location_id=context.location_id,
        index=index,
        pointer=pointer,
    )
    quantity = millionths(line.quantity)
    check_modifiers(price_minor=modifiers, pointer=f"/lines/{place}/modifiers")
    extended = _extended(line, quantity, unit_price, modifiers, round_to_minor)
    parts = line_parts(
        line=line,
        item=item,
        extended=extended,
        quantity=quantity,
        context=context,
        book=book,
        round_to_minor=round_to_minor,
        pointer=pointer,
    )
    key = content_key(line)
    return Line(place, line, key, item, quantity, price, unit_price, list_id, modifiers, extended, parts)


def _unit_price(
    line: CartLine,
    price: int,
    item: Item,
    variant_quantity: int,
    lists: list[PriceList],
    index: BookIndex,
    round_to_minor: Rounding,
) -> tuple[int, str | None]:
    """The line's own price, or what price lists make of the list price, with the id of the one that decided."""
    if line.unit_price_minor is not None:
        return line.unit_price_minor, None
    if not lists:
        return price, None
    return listed_price(
        price_minor=price,
        item=item,
        variant_id=line.variant_id,
        quantity=variant_quantity,
        lists=lists,
        index=index,
        round_to_minor=round_to_minor,
    )


def _extended(
    line: CartLine, quantity: int, unit_price: int, modifiers: int, round_to_minor: Rounding
) -> int:
    """Quantity × unit price with modifiers, rounded once; or the label's amount and the modifiers on top."""
    if line.amount_minor is not None:
        return max(0, line.amount_minor + round_to_minor(quantity * modifiers, SCALE))
    return round_to_minor(quantity * max(0, unit_price + modifiers), SCALE)
