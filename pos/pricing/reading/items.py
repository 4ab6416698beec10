"""Items, their variants and their combos out of JSON."""

from typing import Any

from pos.pricing.book import Combo, ComboChoice, ComboSlot, Item, ScheduledPrice, Variant
from pos.pricing.reading.members import Members
from pos.pricing.reading.modifiers import read_group_use
from pos.pricing.reading.price_lists import read_item_price
from pos.pricing.reading.values import identifier, local, price, text


def read_item(value: Any, pointer: str = "") -> Item:
    """An item; members that pricing does not know are passed over."""
    members = Members(value, pointer)
    return Item(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        category_id=members.nullable("category_id", identifier),
        tax_class=members.required("tax_class", identifier),
        unit=members.optional("unit", text, "each"),
        tags=members.many("tags", text),
        modifier_groups=members.many("modifier_groups", read_group_use),
        combo=members.nullable("combo", _combo),
        list_prices=members.many("list_prices", read_item_price),
        variants=members.many("variants", _variant),
    )


def _variant(value: Any, pointer: str) -> Variant:
    members = Members(value, pointer)
    return Variant(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        sku=members.optional("sku", text, ""),
        price_minor=members.required("price_minor", price),
        scheduled_prices=members.many("scheduled_prices", _scheduled),
    )


def _scheduled(value: Any, pointer: str) -> ScheduledPrice:
    members = Members(value, pointer)
    scheduled = ScheduledPrice(
        starts_at=members.required("starts_at", local), price_minor=members.required("price_minor", price)
    )
    members.close()
    return scheduled


def _combo(value: Any, pointer: str) -> Combo:
    members = Members(value, pointer)
    combo = Combo(slots=members.many("slots", _slot))
    members.close()
    return combo


def _slot(value: Any, pointer: str) -> ComboSlot:
    members = Members(value, pointer)
    slot = ComboSlot(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        choices=members.many("choices", _choice),
    )
    members.close()
    return slot


def _choice(value: Any, pointer: str) -> ComboChoice:
    members = Members(value, pointer)
    choice = ComboChoice(
        variant_id=members.required("variant_id", identifier),
        upcharge_minor=members.optional("upcharge_minor", price, 0),
    )
    members.close()
    return choice
