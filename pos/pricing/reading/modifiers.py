"""Modifier groups out of JSON."""

from typing import Any

from pos.pricing.book import GroupUse, Modifier, ModifierGroup, ModifierPrice
from pos.pricing.reading.members import Members
from pos.pricing.reading.values import count, identifier, signed_price, text


def read_group(value: Any, pointer: str = "") -> ModifierGroup:
    """A modifier group; members that pricing does not know are passed over."""
    members = Members(value, pointer)
    return ModifierGroup(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        min=members.optional("min", count, 0),
        max=members.nullable("max", count),
        modifiers=members.many("modifiers", _modifier),
    )


def read_group_use(value: Any, pointer: str) -> GroupUse:
    """A group as an item or a modifier offers it."""
    members = Members(value, pointer)
    use = GroupUse(
        group_id=members.required("group_id", identifier),
        min=members.nullable("min", count),
        max=members.nullable("max", count),
    )
    members.close()
    return use


def _modifier(value: Any, pointer: str) -> Modifier:
    members = Members(value, pointer)
    return Modifier(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        price_minor=members.optional("price_minor", signed_price, 0),
        max_quantity=members.optional("max_quantity", count, 1),
        prices=members.many("prices", _modifier_price),
        groups=members.many("groups", read_group_use),
    )


def _modifier_price(value: Any, pointer: str) -> ModifierPrice:
    members = Members(value, pointer)
    price = ModifierPrice(
        item_id=members.nullable("item_id", identifier),
        location_id=members.nullable("location_id", identifier),
        price_minor=members.required("price_minor", signed_price),
    )
    members.close()
    return price
