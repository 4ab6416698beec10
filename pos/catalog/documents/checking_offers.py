"""What is wrong with a price list, promotion, service charge or menu by itself, and its one form. Pure."""

from typing import Any, Final

from pos.catalog.documents.checking_items import EFFECTS, effect
from pos.catalog.documents.conditions import read_or_refuse, rule_document, selector_document, when_of
from pos.catalog.documents.limits import MAX_ENTRIES, MAX_POSITION, MAX_PRIORITY
from pos.catalog.documents.orders import category_price_order
from pos.catalog.documents.shapes import NO_ID, Part
from pos.pricing.limits import MAX_UNIT_PRICE_MINOR
from pos.pricing.reading import read_selector
from pos.pricing.reading.promotions import read_rule

Document = dict[str, Any]

PRICE_LIST: Final = ("id", "name", "priority", "when", "entries", "is_active")
PROMOTION: Final = (
    "id",
    "name",
    "priority",
    "group",
    "exclusive",
    "when",
    "cap_minor",
    "max_applications",
    "excluded",
    "rule",
    "is_active",
)
SERVICE_CHARGE: Final = (
    "id",
    "name",
    "priority",
    "when",
    "percent",
    "amount_minor",
    "per_cover_minor",
    "phase",
    "taxable",
    "tax_class",
    "is_active",
)
MENU: Final = ("id", "name", "position", "when", "entries", "is_active")
MAX_NAME: Final = 120
_CHARGES: Final = ("percent", "amount_minor", "per_cover_minor")


def price_list(part: Part) -> Document:
    """A price list in its one form."""
    entries = [
        {"category_id": entry.ident_or_none("category_id"), **effect(entry)}
        for entry in part.parts("entries", ("category_id", "min_quantity", *EFFECTS), at_most=MAX_ENTRIES)
    ]
    part.repeated("entries", [category_price_order(entry) for entry in entries])
    return {
        "id": part.ident("id"),
        "name": part.text("name", longest=MAX_NAME),
        "priority": _priority(part),
        "when": when_of(part),
        "entries": sorted(entries, key=category_price_order),
        "is_active": part.flag("is_active", default=True),
    }


def promotion(part: Part) -> Document:
    """A promotion in its one form."""
    rule = read_or_refuse(part, read_rule, part.raw("rule", {}), "/rule")
    excluded = (
        read_or_refuse(part, read_selector, part.raw("excluded"), "/excluded")
        if part.has("excluded")
        else None
    )
    group = part.text("group", longest=40, needed=False) if part.has("group") else ""
    return {
        "id": part.ident("id"),
        "name": part.text("name", longest=MAX_NAME),
        "priority": _priority(part),
        "group": group or None,
        "exclusive": part.flag("exclusive", default=False),
        "when": when_of(part),
        "cap_minor": part.whole_or_none("cap_minor", low=0, high=MAX_UNIT_PRICE_MINOR),
        "max_applications": part.whole_or_none("max_applications", low=1, high=1_000_000),
        "excluded": selector_document(excluded) if excluded else None,
        "rule": rule_document(rule) if rule else {},
        "is_active": part.flag("is_active", default=True),
    }


def service_charge(part: Part) -> Document:
    """A service charge in its one form. One that comes after the taxes is not taxed itself."""
    phase = part.word("phase", ("before_tax", "after_tax"), default="before_tax")
    taxable = part.flag("taxable", default=phase == "before_tax")
    tax_class = part.text("tax_class", longest=20) if part.has("tax_class") else None
    if phase == "after_tax" and taxable:
        part.refuse("/taxable", "after_tax", "A charge after the taxes is not taxed.")
    if tax_class is not None and not taxable:
        part.refuse("/tax_class", "not_taxable", "Only a taxable charge has a tax class.")
    return {
        "id": part.ident("id"),
        "name": part.text("name", longest=MAX_NAME),
        "priority": _priority(part),
        "when": when_of(part),
        **_charged(part),
        "phase": phase,
        "taxable": taxable,
        "tax_class": tax_class,
        "is_active": part.flag("is_active", default=True),
    }


def menu(part: Part) -> Document:
    """A menu in its one form: categories and items in the order they are shown."""
    entries: list[Document] = []
    for entry in part.parts("entries", ("category_id", "item_id"), at_most=MAX_ENTRIES):
        category, item = entry.ident_or_none("category_id"), entry.ident_or_none("item_id")
        if (category is None) == (item is None):
            entry.refuse("", "one_of_expected", "Give exactly one of category_id, item_id.")
        entries.append({"category_id": category} if category else {"item_id": item or NO_ID})
    part.repeated("entries", [tuple(entry.items()) for entry in entries])
    return {
        "id": part.ident("id"),
        "name": part.text("name", longest=MAX_NAME),
        "position": part.whole("position", low=0, high=MAX_POSITION, default=0),
        "when": when_of(part),
        "entries": entries,
        "is_active": part.flag("is_active", default=True),
    }


def _priority(part: Part) -> int:
    return part.whole("priority", low=-MAX_PRIORITY, high=MAX_PRIORITY, default=100)


def _charged(part: Part) -> Document:
    given = [name for name in _CHARGES if part.has(name)]
    if len(given) != 1:
        part.refuse("", "one_of_expected", f"Give exactly one of {', '.join(_CHARGES)}.")
        return {"amount_minor": 0}
    if given[0] == "percent":
        return {"percent": part.decimal("percent", high=1, zero=True)}
    return {given[0]: part.price(given[0])}
