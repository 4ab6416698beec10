"""What is wrong with an item by itself, and its one form. Pure."""

from typing import Any, Final

from pos.catalog.barcodes import BarcodeInvalid, read_barcode, same_code
from pos.catalog.conversion import same_dimension
from pos.catalog.csv_reading import UNITS
from pos.catalog.csv_reading.rows import MAX_DESCRIPTION, MAX_ITEM_NAME, MAX_SKU, MAX_VARIANT_NAME
from pos.catalog.documents.checking_combos import combo
from pos.catalog.documents.conditions import local_text, read_or_refuse
from pos.catalog.documents.limits import (
    ALLERGENS,
    MAX_AXES,
    MAX_AXIS_VALUES,
    MAX_BARCODES,
    MAX_GROUPS,
    MAX_IMAGES,
    MAX_LIST_PRICES,
    MAX_MULTIPLIER,
    MAX_NUMBER,
    MAX_OPTION,
    MAX_SCHEDULED,
    MAX_TAG,
    MAX_TAGS,
    MAX_UNIT_CODE,
    MAX_UNITS,
    MAX_VARIANTS,
)
from pos.catalog.documents.orders import price_order
from pos.catalog.documents.shapes import Part
from pos.pricing.limits import MAX_QUANTITY
from pos.pricing.reading.values import local

Document = dict[str, Any]

ITEM: Final = (
    "id",
    "name",
    "description",
    "kitchen_name",
    "category_id",
    "tax_class",
    "unit",
    "units",
    "tags",
    "allergens",
    "has_open_price",
    "is_active",
    "option_axes",
    "image_ids",
    "modifier_groups",
    "combo",
    "list_prices",
    "variants",
)
VARIANT: Final = (
    "id",
    "name",
    "sku",
    "price_minor",
    "scheduled_prices",
    "options",
    "is_active",
    "barcodes",
)
EFFECTS: Final = ("price_minor", "percent_off", "amount_off_minor")


def item(part: Part) -> Document:
    """An item in its one form."""
    units, axes = _units(part), _axes(part)
    unit = part.word("unit", UNITS, default="each")
    _own_units(part, unit, units)
    made: Document = {
        "id": part.ident("id"),
        "name": part.text("name", longest=MAX_ITEM_NAME),
        "description": part.text("description", longest=MAX_DESCRIPTION, needed=False, lines=True),
        "kitchen_name": part.text("kitchen_name", longest=80, needed=False),
        "category_id": part.ident("category_id"),
        "tax_class": part.text("tax_class", longest=20),
        "unit": unit,
        "units": units,
        "tags": _words(part, "tags"),
        "allergens": _allergens(part),
        "has_open_price": part.flag("has_open_price", default=False),
        "is_active": part.flag("is_active", default=True),
        "option_axes": axes,
        "image_ids": _images(part),
        "modifier_groups": group_uses(part, "modifier_groups"),
        "combo": combo(part),
        "variants": _variants(part, axes, {"", unit, *(each["code"] for each in units)}),
    }
    made["list_prices"] = _list_prices(part, {each["id"] for each in made["variants"]})
    if not made["variants"] and made["is_active"]:
        part.refuse("/variants", "no_variant", "An item that is sold has at least one variant.")
    return made


def group_uses(part: Part, name: str) -> list[Document]:
    """Where modifier groups are offered, with a range of their own or that of the group."""
    made = []
    for use in part.parts(name, ("group_id", "min", "max"), at_most=MAX_GROUPS):
        low, high = (use.whole_or_none(bound, low=0, high=MAX_NUMBER) for bound in ("min", "max"))
        if low is not None and high is not None and low > high:
            use.refuse("/max", "range", "The most that may be chosen is less than the least.")
        if high == 0:
            use.refuse("/max", "range", "A group of which nothing may be chosen is left out instead.")
        made.append({"group_id": use.ident("group_id"), "min": low, "max": high})
    part.repeated(name, [use["group_id"] for use in made], "/group_id")
    return made


def effect(part: Part) -> Document:
    """From which quantity on an entry of a price list does what: exactly one of three."""
    made: Document = {"min_quantity": part.decimal("min_quantity", default="1", high=MAX_QUANTITY)}
    given = [name for name in EFFECTS if part.has(name)]
    if len(given) != 1:
        part.refuse("", "one_of_expected", f"Give exactly one of {', '.join(EFFECTS)}.")
    elif given[0] == "percent_off":
        made["percent_off"] = part.decimal("percent_off", high=1, zero=True)
    else:
        made[given[0]] = part.price(given[0])
    return made


def _units(part: Part) -> list[Document]:
    made = [
        {
            "code": unit.text("code", longest=MAX_UNIT_CODE),
            "name": unit.text("name", longest=40, needed=False),
            "numerator": unit.whole("numerator", low=1, high=10**9),
            "denominator": unit.whole("denominator", low=1, high=10**9, default=1),
        }
        for unit in part.parts("units", ("code", "name", "numerator", "denominator"), at_most=MAX_UNITS)
    ]
    part.repeated("units", [unit["code"] for unit in made], "/code")
    return made


def _own_units(part: Part, unit: str, units: list[Document]) -> None:
    for place, own in enumerate(units):
        for known in (unit, *(other["code"] for other in units[:place])):
            if own["code"] == unit or same_dimension(own["code"], known):
                detail = f"How many {known} one {own['code']} is, is known without saying it."
                part.refuse(f"/units/{place}/code", "unit_known", detail)


def _words(part: Part, name: str) -> list[str]:
    values = part.values(name, at_most=MAX_TAGS)
    return sorted(
        {part.clean(value, f"/{name}/{place}", longest=MAX_TAG) for place, value in enumerate(values)}
    )


def _allergens(part: Part) -> list[str]:
    values = part.values("allergens", at_most=len(ALLERGENS))
    for place, value in enumerate(values):
        if value not in ALLERGENS:
            detail = f"The allergens are {', '.join(ALLERGENS)}."
            part.refuse(f"/allergens/{place}", "unknown_allergen", detail)
    return sorted({value for value in values if value in ALLERGENS})


def _axes(part: Part) -> list[Document]:
    made: list[Document] = []
    for axis in part.parts("option_axes", ("name", "values"), at_most=MAX_AXES):
        values = [
            axis.clean(value, f"/values/{place}", longest=MAX_OPTION)
            for place, value in enumerate(axis.values("values", at_most=MAX_AXIS_VALUES))
        ]
        if not values:
            axis.refuse("/values", "empty", "An option has at least one value.")
        axis.repeated("values", [value.casefold() for value in values])
        made.append({"name": axis.text("name", longest=MAX_OPTION), "values": values})
    part.repeated("option_axes", [axis["name"].casefold() for axis in made], "/name")
    return made


def _images(part: Part) -> list[str]:
    values = part.values("image_ids", at_most=MAX_IMAGES)
    found = [part.id_of(value, f"/image_ids/{place}") for place, value in enumerate(values)]
    part.repeated("image_ids", found)
    return found


def _variants(part: Part, axes: list[Document], units: set[str]) -> list[Document]:
    made: list[Document] = []
    for variant in part.parts("variants", VARIANT, at_most=MAX_VARIANTS):
        made.append(
            {
                "id": variant.ident("id"),
                "name": variant.text("name", longest=MAX_VARIANT_NAME, needed=False),
                "sku": variant.text("sku", longest=MAX_SKU),
                "price_minor": variant.price("price_minor"),
                "scheduled_prices": _scheduled(variant),
                "options": _options(variant, axes),
                "is_active": variant.flag("is_active", default=True),
                "barcodes": _barcodes(variant, units),
            }
        )
    if len(made) > 1:
        part.repeated("variants", [variant["id"] for variant in made], "/id")
        part.repeated("variants", [variant["sku"].upper() for variant in made], "/sku")
        part.repeated("variants", [variant["name"].casefold() for variant in made], "/name")
        if axes:
            part.repeated("variants", [tuple(variant["options"]) for variant in made], "/options")
    return made


def _options(variant: Part, axes: list[Document]) -> list[str]:
    values = variant.values("options", at_most=MAX_AXES)
    if len(values) != len(axes):
        variant.refuse("/options", "options", "A variant has one value of each option of its item.")
        return []
    for place, (value, axis) in enumerate(zip(values, axes, strict=True)):
        if value not in axis["values"]:
            detail = f"The values of {axis['name']} are {', '.join(axis['values'])}."
            variant.refuse(f"/options/{place}", "options", detail)
            return []
    return list(values)


def _scheduled(variant: Part) -> list[Document]:
    made = []
    for scheduled in variant.parts("scheduled_prices", ("starts_at", "price_minor"), at_most=MAX_SCHEDULED):
        starts_at = read_or_refuse(scheduled, local, scheduled.raw("starts_at", ""), "/starts_at")
        made.append(
            {
                "starts_at": local_text(starts_at) if starts_at else "",
                "price_minor": scheduled.price("price_minor"),
            }
        )
    if len(made) > 1:
        variant.repeated("scheduled_prices", [each["starts_at"] for each in made], "/starts_at")
    return sorted(made, key=lambda each: each["starts_at"])


def _barcodes(variant: Part, units: set[str]) -> list[Document]:
    made = []
    for barcode in variant.parts("barcodes", ("code", "unit", "multiplier"), at_most=MAX_BARCODES):
        unit = barcode.raw("unit", "")
        if type(unit) is not str or unit not in units:
            barcode.refuse("/unit", "unknown_unit", "The item has no such unit.")
        made.append(
            {
                "code": _code(barcode),
                "unit": unit,
                "multiplier": barcode.decimal("multiplier", default="1", high=MAX_MULTIPLIER),
            }
        )
    if len(made) > 1:
        variant.repeated("barcodes", [same_code(each["code"]) for each in made], "/code")
    return sorted(made, key=lambda each: each["code"])


def _code(barcode: Part) -> str:
    value = barcode.raw("code")
    if type(value) is not str:
        barcode.refuse("/code", "wrong_type", "A code as text is expected.")
        return ""
    try:
        return read_barcode(value)
    except BarcodeInvalid as error:
        barcode.refuse("/code", "barcode", f"{value[:48]}: {error}.")
        return ""


def _list_prices(part: Part, variants: set[str]) -> list[Document]:
    made = []
    known = ("price_list_id", "variant_id", "min_quantity", *EFFECTS)
    for entry in part.parts("list_prices", known, at_most=MAX_LIST_PRICES):
        variant = entry.ident_or_none("variant_id")
        if variant is not None and variant not in variants:
            entry.refuse("/variant_id", "unknown_reference", "The item has no such variant.")
        made.append({"price_list_id": entry.ident("price_list_id"), "variant_id": variant, **effect(entry)})
    if len(made) > 1:
        part.repeated("list_prices", [price_order(entry) for entry in made])
    return sorted(made, key=price_order)
