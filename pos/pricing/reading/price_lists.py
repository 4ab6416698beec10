"""Price lists and their entries out of JSON."""

from fractions import Fraction
from typing import Any

from pos.pricing.book import CategoryPrice, ItemPrice, PriceChange, PriceList
from pos.pricing.conditions import ALWAYS
from pos.pricing.reading.conditions import read_when
from pos.pricing.reading.members import Members
from pos.pricing.reading.values import identifier, percent, price, priority, quantity, text


def read_price_list(value: Any, pointer: str = "") -> PriceList:
    """A price list with its entries for categories and for everything."""
    members = Members(value, pointer)
    price_list = PriceList(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        priority=members.optional("priority", priority, 0),
        when=members.optional("when", read_when, ALWAYS),
        entries=members.many("entries", _category_price),
    )
    members.close()
    return price_list


def read_item_price(value: Any, pointer: str) -> ItemPrice:
    """An entry of a price list that stands with an item."""
    members = Members(value, pointer)
    entry = ItemPrice(
        price_list_id=members.required("price_list_id", identifier),
        variant_id=members.nullable("variant_id", identifier),
        change=_change(members),
    )
    members.close()
    return entry


def _category_price(value: Any, pointer: str) -> CategoryPrice:
    members = Members(value, pointer)
    entry = CategoryPrice(category_id=members.nullable("category_id", identifier), change=_change(members))
    members.close()
    return entry


def _change(members: Members) -> PriceChange:
    members.one_of(("price_minor", "percent_off", "amount_off_minor"))
    return PriceChange(
        min_quantity=members.optional("min_quantity", quantity, Fraction(1)),
        price_minor=members.nullable("price_minor", price),
        percent_off=members.nullable("percent_off", percent),
        amount_off_minor=members.nullable("amount_off_minor", price),
    )
