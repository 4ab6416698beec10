"""What is wrong with a modifier group by itself, and its one form. Pure."""

from typing import Any, Final

from pos.catalog.documents.checking_items import group_uses
from pos.catalog.documents.limits import MAX_MODIFIER_PRICES, MAX_MODIFIERS, MAX_NUMBER
from pos.catalog.documents.orders import modifier_price_order
from pos.catalog.documents.shapes import Part

Document = dict[str, Any]

GROUP: Final = ("id", "name", "kitchen_name", "min", "max", "modifiers")
MODIFIER: Final = (
    "id",
    "name",
    "kitchen_name",
    "price_minor",
    "default_quantity",
    "max_quantity",
    "is_active",
    "prices",
    "groups",
)


def modifier_group(part: Part) -> Document:
    """A modifier group in its one form."""
    modifiers = [_modifier(each) for each in part.parts("modifiers", MODIFIER, at_most=MAX_MODIFIERS)]
    part.repeated("modifiers", [modifier["id"] for modifier in modifiers], "/id")
    part.repeated("modifiers", [modifier["name"].casefold() for modifier in modifiers], "/name")
    low = part.whole("min", low=0, high=MAX_NUMBER, default=0)
    high = part.whole_or_none("max", low=1, high=MAX_NUMBER)
    made = {
        "id": part.ident("id"),
        "name": part.text("name", longest=120),
        "kitchen_name": part.text("kitchen_name", longest=80, needed=False),
        "min": low,
        "max": high,
        "modifiers": modifiers,
    }
    for where, code, detail in range_problems(made, low=low, high=high):
        part.refuse(where, code, detail)
    return made


def range_problems(group: Document, *, low: int, high: int | None) -> list[tuple[str, str, str]]:
    """Why nobody could choose from `low` to `high` of a group: place, code and sentence of each reason."""
    if high is not None and low > high:
        return [("/max", "range", "The most that may be chosen is less than the least.")]
    found = []
    taken = sum(modifier["default_quantity"] for modifier in group["modifiers"] if modifier["is_active"])
    there = sum(modifier["max_quantity"] for modifier in group["modifiers"] if modifier["is_active"])
    if high is not None and taken > high:
        found.append(("/max", "defaults", f"{taken} are chosen by themselves, but at most {high} may be."))
    if there < low:
        found.append(("/min", "range", f"{low} have to be chosen, but only {there} can be."))
    return found


def _modifier(part: Part) -> Document:
    most = part.whole("max_quantity", low=1, high=MAX_NUMBER, default=1)
    default = part.whole("default_quantity", low=0, high=MAX_NUMBER, default=0)
    if default > most:
        part.refuse("/default_quantity", "defaults", f"At most {most} of it may be chosen.")
    prices = [
        {
            "item_id": price.ident_or_none("item_id"),
            "location_id": price.ident_or_none("location_id"),
            "price_minor": price.price("price_minor", may_be_negative=True),
        }
        for price in part.parts(
            "prices", ("item_id", "location_id", "price_minor"), at_most=MAX_MODIFIER_PRICES
        )
    ]
    for place, price in enumerate(prices):
        if price["item_id"] is None and price["location_id"] is None:
            part.refuse(f"/prices/{place}", "missing_member", "Say on which item or at which location.")
    part.repeated("prices", [modifier_price_order(price) for price in prices])
    return {
        "id": part.ident("id"),
        "name": part.text("name", longest=120),
        "kitchen_name": part.text("kitchen_name", longest=80, needed=False),
        "price_minor": part.price("price_minor", default=0, may_be_negative=True),
        "default_quantity": default,
        "max_quantity": most,
        "is_active": part.flag("is_active", default=True),
        "prices": sorted(prices, key=modifier_price_order),
        "groups": group_uses(part, "groups"),
    }
