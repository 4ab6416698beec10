"""What differs between two states of an item, in words for people. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
Shown = Callable[[str, Any], str]
"""How the value of a member is written: `shown("price_minor", 240)` is `2.40`."""

_NAMES = {
    "name": "name",
    "sku": "SKU",
    "price_minor": "price",
    "scheduled_prices": "later prices",
    "options": "options",
    "is_active": "sold",
    "barcodes": "barcodes",
    "category_id": "category",
    "tax_class": "tax class",
    "option_axes": "options",
    "modifier_groups": "modifier groups",
    "list_prices": "prices by list",
    "image_ids": "pictures",
    "has_open_price": "open price",
    "kitchen_name": "kitchen name",
}


def differences(*, before: Document, after: Document, shown: Shown) -> Iterator[str]:
    """A sentence for each thing that is another: of the item itself, then of its variants."""
    yield from _members("", before, after, skipped=("variants",), shown=shown)
    known = {variant["id"]: variant for variant in before["variants"]}
    for variant in after["variants"]:
        if variant["id"] not in known:
            yield f"{variant['sku']} is new"
            continue
        yield from _members(f"{variant['sku']}: ", known.pop(variant["id"]), variant, skipped=(), shown=shown)
    for variant in known.values():
        yield f"{variant['sku']} is gone"


def _members(
    where: str, before: Document, after: Document, *, skipped: tuple[str, ...], shown: Shown
) -> Iterator[str]:
    for member, value in after.items():
        if member in skipped or before.get(member) == value:
            continue
        name = _NAMES.get(member, member.replace("_", " "))
        was, now = shown(member, before.get(member)), shown(member, value)
        yield f"{where}{name} {was} → {now}" if was or now else f"{where}{name} changed"
