"""Steps 1 to 3: the list price, the price list's price, and what the modifiers cost."""

from datetime import datetime
from fractions import Fraction

from tests.pricing_reference.book import (
    Json,
    category_path,
    in_order,
    item_of,
    modifier_of,
    variant_of,
)
from tests.pricing_reference.conditions import holds
from tests.pricing_reference.numbers import nearest


def list_price(book: Json, variant_id: str, context: Json) -> int:
    """Step 1: the variant's price, or that of the latest scheduled price that has begun."""
    variant = variant_of(book, variant_id)
    at = datetime.fromisoformat(context["at"])
    begun = [
        one for one in variant.get("scheduled_prices", []) if datetime.fromisoformat(one["starts_at"]) <= at
    ]
    latest = max(reversed(begun), key=lambda one: datetime.fromisoformat(one["starts_at"]), default=variant)
    return int(latest["price_minor"])


def price_from_lists(book: Json, cart: Json, line: Json, context: Json) -> tuple[int, str | None]:
    """Step 2: the unit price and the price list it came from, if any."""
    full = list_price(book, line["variant_id"], context)
    for price_list in in_order(book["price_lists"]):
        if not holds(price_list["when"], context):
            continue
        entry = best_entry(book, price_list, line["variant_id"], in_cart(cart, line["variant_id"]))
        if entry is not None:
            return price_of_entry(entry, full, context["rounding"]["mode"]), price_list["id"]
    return full, None


def in_cart(cart: Json, variant_id: str) -> Fraction:
    """How much of a variant the whole cart holds."""
    return sum(
        (Fraction(line["quantity"]) for line in cart["lines"] if line["variant_id"] == variant_id),
        Fraction(0),
    )


def best_entry(book: Json, price_list: Json, variant_id: str, quantity: Fraction) -> Json | None:
    """The entry of the most specific kind that has one whose minimum is reached; of those the largest minimum."""
    item = item_of(book, variant_id)
    of_item = [one for one in item.get("list_prices", []) if one["price_list_id"] == price_list["id"]]
    kinds = [
        [one for one in of_item if one.get("variant_id") == variant_id],
        [one for one in of_item if one.get("variant_id") is None],
    ]
    for category in [*category_path(book, item.get("category_id")), None]:
        kinds.append([one for one in price_list["entries"] if one.get("category_id") == category])
    for kind in kinds:
        reached = [one for one in kind if Fraction(one.get("min_quantity", "1")) <= quantity]
        if reached:
            largest: Json = max(reached, key=lambda one: Fraction(one.get("min_quantity", "1")))
            return largest
    return None


def price_of_entry(entry: Json, full: int, mode: str) -> int:
    """What an entry makes of the list price."""
    if entry.get("price_minor") is not None:
        return int(entry["price_minor"])
    if entry.get("percent_off") is not None:
        return nearest(full * (1 - Fraction(entry["percent_off"])), mode)
    return max(0, full - int(entry["amount_off_minor"]))


def modifiers_price(book: Json, modifiers: list[Json], item_id: str, context: Json) -> int:
    """Step 3: what the chosen modifiers add to one unit of an item, nested ones as often as those above them."""
    total = 0
    for chosen in modifiers:
        own = modifier_price(modifier_of(book, chosen["modifier_id"]), item_id, context.get("location_id"))
        nested = modifiers_price(book, chosen.get("modifiers", []), item_id, context)
        total += chosen.get("quantity", 1) * (own + nested)
    return total


def modifier_price(modifier: Json, item_id: str, location_id: str | None) -> int:
    """The price for this item here, else for this item, else here, else its own."""
    places: list[tuple[str | None, str | None]] = [(item_id, location_id), (item_id, None)]
    if location_id is not None:
        places.append((None, location_id))
    for item, location in places:
        for price in modifier.get("prices", []):
            if (price.get("item_id"), price.get("location_id")) == (item, location):
                return int(price["price_minor"])
    return int(modifier.get("price_minor", 0))
