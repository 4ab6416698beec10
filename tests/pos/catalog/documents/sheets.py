"""Documents of every kind for tests, complete and in their one form."""

from typing import Any
from uuid import UUID

from fynlo.core.ids import new_id

Document = dict[str, Any]


def key() -> str:
    """A new id as text."""
    return str(new_id())


def tax_class(code: str = "standard", rate: str = "0.19", **said: Any) -> Document:
    """A class with one rate."""
    component = {"code": code, "name": f"VAT {code}", "rate": rate, "compound": False}
    rule = {"when": {}, "inclusive": True, "net_of_contained": False, "components": [component]}
    return {"id": key(), "code": code, "name": f"VAT {code}", "rules": [rule], **said}


def category(name: str = "Drinks", **said: Any) -> Document:
    """A category at the top."""
    return {
        "id": key(),
        "parent_id": None,
        "name": name,
        "position": 0,
        "color": "",
        "image_id": None,
        **said,
    }


def variant(sku: str, name: str = "", **said: Any) -> Document:
    """A variant for 2.50."""
    return {
        "id": key(),
        "name": name,
        "sku": sku,
        "price_minor": 250,
        "scheduled_prices": [],
        "options": [],
        "is_active": True,
        "barcodes": [],
        **said,
    }


def item(name: str, *variants: Document, category_id: str, **said: Any) -> Document:
    """An item in pieces at the standard rate."""
    return {
        "id": key(),
        "name": name,
        "description": "",
        "kitchen_name": "",
        "category_id": category_id,
        "tax_class": "standard",
        "unit": "each",
        "units": [],
        "tags": [],
        "allergens": [],
        "has_open_price": False,
        "is_active": True,
        "option_axes": [],
        "image_ids": [],
        "modifier_groups": [],
        "combo": None,
        "list_prices": [],
        "variants": list(variants),
        **said,
    }


def modifier(name: str, **said: Any) -> Document:
    """A modifier that costs nothing."""
    return {
        "id": key(),
        "name": name,
        "kitchen_name": "",
        "price_minor": 0,
        "default_quantity": 0,
        "max_quantity": 1,
        "is_active": True,
        "prices": [],
        "groups": [],
        **said,
    }


def group(name: str, *modifiers: Document, **said: Any) -> Document:
    """A group of which as many may be chosen as there are."""
    return {
        "id": key(),
        "name": name,
        "kitchen_name": "",
        "min": 0,
        "max": None,
        "modifiers": list(modifiers),
        **said,
    }


def use(of: Document, low: int | None = None, high: int | None = None) -> Document:
    """Where a group is offered."""
    return {"group_id": of["id"], "min": low, "max": high}


def slot(name: str, *chosen: Document, **said: Any) -> Document:
    """A slot of a combo that offers these variants."""
    choices = [
        {"variant_id": each["id"], "upcharge_minor": 50 * place, "is_default": place == 0}
        for place, each in enumerate(chosen)
    ]
    return {"id": key(), "name": name, "choices": choices, **said}


def price_list(name: str, **said: Any) -> Document:
    """A price list for members."""
    when = {"customer_groups": ["members"]}
    return {"id": key(), "name": name, "priority": 10, "when": when, "entries": [], "is_active": True, **said}


def promotion(name: str, **said: Any) -> Document:
    """Ten per cent off everything."""
    return {
        "id": key(),
        "name": name,
        "priority": 10,
        "group": None,
        "exclusive": False,
        "when": {},
        "cap_minor": None,
        "max_applications": None,
        "excluded": None,
        "rule": {"kind": "percent_off", "select": {"all": True}, "percent": "0.1"},
        "is_active": True,
        **said,
    }


def service_charge(name: str, **said: Any) -> Document:
    """Ten per cent for parties of eight."""
    return {
        "id": key(),
        "name": name,
        "priority": 10,
        "when": {"min_covers": 8},
        "percent": "0.1",
        "phase": "before_tax",
        "taxable": True,
        "tax_class": "standard",
        "is_active": True,
        **said,
    }


def menu(name: str, *entries: Document, **said: Any) -> Document:
    """A menu that is always on."""
    return {
        "id": key(),
        "name": name,
        "position": 0,
        "when": {},
        "entries": list(entries),
        "is_active": True,
        **said,
    }


def barcode_pattern(name: str, pattern: str = "21IIIIIWWWWWC:g", **said: Any) -> Document:
    """A pattern of a scale."""
    return {"id": key(), "name": name, "pattern": pattern, "position": 0, "is_active": True, **said}


def settings(**said: Any) -> Document:
    """How the merchant rounds."""
    return {
        "id": str(UUID(int=1)),
        "rounding": {"scope": "per_line", "mode": "half_up"},
        "cash_increment": 1,
        **said,
    }
