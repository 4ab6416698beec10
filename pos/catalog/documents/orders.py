"""The order of lists that have none of their own, so that equal content is equal JSON. Pure."""

from typing import Any

Quantity = tuple[int, str]


def price_order(entry: dict[str, Any]) -> tuple[str, str, Quantity]:
    """An item's prices: by list, for the whole item before its variants, by quantity."""
    return entry["price_list_id"], entry["variant_id"] or "", _by_size(entry["min_quantity"])


def category_price_order(entry: dict[str, Any]) -> tuple[str, Quantity]:
    """A list's own prices: for everything first, then by category, by quantity."""
    return entry["category_id"] or "", _by_size(entry["min_quantity"])


def modifier_price_order(entry: dict[str, Any]) -> tuple[str, str]:
    """A modifier's prices: everywhere first, then by item, by location."""
    return entry["item_id"] or "", entry["location_id"] or ""


def _by_size(quantity: str) -> Quantity:
    """Plain decimals by size: their fractions compare like text."""
    whole, _, part = quantity.partition(".")
    return int(whole), part
