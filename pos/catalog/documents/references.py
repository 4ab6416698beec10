"""What a document refers to, and where it does. Pure."""

from collections.abc import Callable, Iterator
from typing import Any, Final

Document = dict[str, Any]
Reference = tuple[str, str, str]
"""Where in the document, the kind of what is referred to, and its id (a tax class by its code)."""

_SELECTED: Final = (("variants", "variant"), ("items", "item"), ("categories", "category"))
_SELECTORS: Final = ("select", "buy", "get")


def references(kind: str, document: Document) -> Iterator[Reference]:
    """Everything `document` refers to outside itself."""
    read = _READERS.get(kind)
    return iter(()) if read is None else read(document)


def _tax_class(document: Document) -> Iterator[Reference]:
    for place, rule in enumerate(document["rules"]):
        yield from _when(rule["when"], f"/rules/{place}/when")


def _category(document: Document) -> Iterator[Reference]:
    if document["parent_id"] is not None:
        yield "/parent_id", "category", document["parent_id"]
    if document["image_id"] is not None:
        yield "/image_id", "image", document["image_id"]


def _group(document: Document) -> Iterator[Reference]:
    for place, modifier in enumerate(document["modifiers"]):
        at = f"/modifiers/{place}"
        for number, price in enumerate(modifier["prices"]):
            if price["item_id"] is not None:
                yield f"{at}/prices/{number}/item_id", "item", price["item_id"]
            if price["location_id"] is not None:
                yield f"{at}/prices/{number}/location_id", "location", price["location_id"]
        yield from _uses(modifier["groups"], f"{at}/groups")


def _item(document: Document) -> Iterator[Reference]:
    yield "/category_id", "category", document["category_id"]
    yield "/tax_class", "tax_class", document["tax_class"]
    for place, image in enumerate(document["image_ids"]):
        yield f"/image_ids/{place}", "image", image
    yield from _uses(document["modifier_groups"], "/modifier_groups")
    for place, entry in enumerate(document["list_prices"]):
        yield f"/list_prices/{place}/price_list_id", "price_list", entry["price_list_id"]
    if document["combo"]:
        for place, slot in enumerate(document["combo"]["slots"]):
            for number, choice in enumerate(slot["choices"]):
                at = f"/combo/slots/{place}/choices/{number}/variant_id"
                yield at, "variant", choice["variant_id"]


def _price_list(document: Document) -> Iterator[Reference]:
    yield from _when(document["when"], "/when")
    for place, entry in enumerate(document["entries"]):
        if entry["category_id"] is not None:
            yield f"/entries/{place}/category_id", "category", entry["category_id"]


def _promotion(document: Document) -> Iterator[Reference]:
    yield from _when(document["when"], "/when")
    rule = document["rule"]
    for name in _SELECTORS:
        yield from _selector(rule.get(name), f"/rule/{name}")
    for place, part in enumerate(rule.get("parts", ())):
        yield from _selector(part["select"], f"/rule/parts/{place}/select")
    yield from _selector(document["excluded"], "/excluded")


def _service_charge(document: Document) -> Iterator[Reference]:
    yield from _when(document["when"], "/when")
    if document["tax_class"] is not None:
        yield "/tax_class", "tax_class", document["tax_class"]


def _menu(document: Document) -> Iterator[Reference]:
    yield from _when(document["when"], "/when")
    for place, entry in enumerate(document["entries"]):
        for kind in ("category", "item"):
            if f"{kind}_id" in entry:
                yield f"/entries/{place}/{kind}_id", kind, entry[f"{kind}_id"]


def _uses(uses: list[Document], at: str) -> Iterator[Reference]:
    for place, use in enumerate(uses):
        yield f"{at}/{place}/group_id", "modifier_group", use["group_id"]


def _when(when: Document, at: str) -> Iterator[Reference]:
    for place, location in enumerate(when.get("locations", ())):
        yield f"{at}/locations/{place}", "location", location


def _selector(selector: Document | None, at: str) -> Iterator[Reference]:
    for name, kind in _SELECTED:
        for place, key in enumerate((selector or {}).get(name, ())):
            yield f"{at}/{name}/{place}", kind, key


_READERS: Final[dict[str, Callable[[Document], Iterator[Reference]]]] = {
    "tax_class": _tax_class,
    "category": _category,
    "modifier_group": _group,
    "item": _item,
    "price_list": _price_list,
    "promotion": _promotion,
    "service_charge": _service_charge,
    "menu": _menu,
}
