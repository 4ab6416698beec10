"""Sheets of what is sold: settings, tax classes, categories, items."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.documents.limits import ALLERGENS
from pos.catalog.documents.tax_rules import simple_rate, simple_rules
from pos.catalog.sheets.columns import Column, Document, Level, Sheet
from pos.catalog.sheets.kinds import Choice, Color, Money, Share, Stock, TaxCode, Text, Unit, Whole, YesNo
from pos.catalog.sheets.lists import Axes, Barcodes, ScheduledPrices, Texts, Units
from pos.catalog.sheets.names import Names
from pos.catalog.sheets.references import CategoryPath, Ids, OneId
from pos.catalog.sheets.structured import Structure
from pos.pricing.decimals import plain_decimal

SETTINGS_ID: Final = "00000000-0000-0000-0000-000000000001"


SETTINGS: Final = Sheet(
    name="settings",
    title="How the merchant rounds",
    kind="settings",
    find=lambda _said, _names: SETTINGS_ID,
    columns=(
        Column(
            name="rounding_scope",
            kind=Choice(("per_line", "per_rate", "per_order")),
            at="rounding.scope",
            required=True,
        ),
        Column(
            name="rounding_mode", kind=Choice(("half_up", "half_even")), at="rounding.mode", required=True
        ),
        Column(
            name="cash_increment",
            kind=Whole(least=1, most=100, if_empty=1),
            at="cash_increment",
            help="the smallest coin, in minor units: 5 rounds cash to 0.05",
        ),
    ),
)


def _unfold_tax_class(document: Document) -> Document:
    simple = simple_rate(code=document["code"], name=document["name"], rules=document["rules"])
    if simple is None:
        return {**document, "rate": None, "inclusive": None}
    rate, inclusive = simple
    return {**document, "rate": plain_decimal(rate), "inclusive": inclusive, "rules": None}


def _fold_tax_class(document: Document) -> Document:
    """One rate, or rules: a class has one of them. Raises `CellInvalid` otherwise."""
    rate, inclusive, rules = document.pop("rate", None), document.pop("inclusive", None), document["rules"]
    if (rate is None) == (rules is None):
        raise CellInvalid(
            "say the rate or the rules" if rate is None else "say the rate or the rules, not both"
        )
    if rules is None:
        document["rules"] = simple_rules(
            code=document["code"],
            name=document["name"],
            rate=Decimal(rate),
            inclusive=inclusive is not False,
        )
    return document


TAX_CLASSES: Final = Sheet(
    name="tax_classes",
    title="How items are taxed",
    kind="tax_class",
    find=lambda said, names: names.tax_classes.find(said["code"]),
    new={"code": "", "name": "", "rules": None, "rate": None, "inclusive": None},
    unfold=_unfold_tax_class,
    fold=_fold_tax_class,
    order=lambda document, _names: document["code"],
    columns=(
        Column(name="code", kind=Text(20, needed=True), at="code", required=True, key=True),
        Column(name="name", kind=Text(80, needed=True), at="name", required=True),
        Column(name="rate", kind=Share(), at="rate", help="of a class that has one rate and no rules"),
        Column(
            name="inclusive", kind=YesNo(if_empty=None), at="inclusive", help="whether prices contain the tax"
        ),
        Column(
            name="rules",
            kind=Structure(list),
            at="rules",
            help="for more than one rate: what is due when, by whom",
        ),
    ),
)

CATEGORIES: Final = Sheet(
    name="categories",
    title="The tree that tills show",
    kind="category",
    find=lambda said, names: names.find_category(said["category"]),
    new={"parent_id": None, "name": "", "position": 0, "color": "", "image_id": None},
    order=lambda document, names: names.paths[document["id"]],
    columns=(
        Column(name="category", kind=CategoryPath(made=True), at=None, required=True, key=True),
        Column(name="position", kind=Whole(), at="position"),
        Column(name="color", kind=Color(), at="color"),
        Column(name="image", kind=OneId(), at="image_id"),
    ),
)

_NEW_ITEM: Final[Mapping[str, Any]] = {
    "name": "",
    "description": "",
    "kitchen_name": "",
    "category_id": None,
    "tax_class": "",
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
    "variants": [],
}
_NEW_VARIANT: Final[Mapping[str, Any]] = {
    "name": "",
    "sku": "",
    "price_minor": 0,
    "scheduled_prices": [],
    "options": [],
    "is_active": True,
    "barcodes": [],
}


def _fold_item(document: Document) -> Document:
    """Values of options that the axes do not list yet are behind those they do."""
    axes = [{"name": axis["name"], "values": list(axis["values"])} for axis in document["option_axes"]]
    document["option_axes"] = axes
    for variant in document["variants"]:
        for axis, value in zip(axes, variant["options"], strict=False):
            if value not in axis["values"]:
                axis["values"].append(value)
    return document


def item_order(document: Document, names: Names) -> Any:
    """Items by category, then by name."""
    return names.paths.get(document["category_id"], ()), document["name"], document["id"]


ITEMS: Final = Sheet(
    name="items",
    title="Items: a row for each variant",
    kind="item",
    find=lambda _said, _names: None,
    new=_NEW_ITEM,
    levels=(Level(at="variants", new=_NEW_VARIANT, has_id=True),),
    fold=_fold_item,
    order=item_order,
    columns=(
        Column(
            name="category",
            kind=CategoryPath(),
            at="category_id",
            required=True,
            aliases=("kategorie", "warengruppe", "catégorie", "department", "group"),
        ),
        Column(
            name="item",
            kind=Text(160, needed=True),
            at="name",
            required=True,
            aliases=(
                "artikel",
                "artikelname",
                "produkt",
                "product",
                "produit",
                "article",
                "name",
                "bezeichnung",
            ),
            help="the name of what is sold; rows of the same name are one item",
        ),
        Column(
            name="variant",
            kind=Text(120),
            at="name",
            level=1,
            aliases=("variante", "option", "size", "größe", "taille"),
            help="what tells it from the item's other variants; empty if there is only one",
        ),
        Column(
            name="sku",
            kind=Text(64, needed=True),
            at="sku",
            level=1,
            required=True,
            key=True,
            aliases=(
                "artikelnummer",
                "art_nr",
                "référence",
                "reference",
                "ref",
                "item_code",
                "product_code",
            ),
            help="the merchant's own number of the variant, unique; how a later import recognises it",
        ),
        Column(
            name="barcode",
            kind=Barcodes(),
            at="barcodes",
            level=1,
            aliases=("barcodes", "ean", "gtin", "upc", "strichcode", "code_barres", "code_barre"),
        ),
        Column(
            name="price",
            kind=Money(),
            at="price_minor",
            level=1,
            required=True,
            aliases=("preis", "verkaufspreis", "vk", "prix", "prix_ttc", "retail_price", "unit_price"),
            help="per piece or per unit",
        ),
        Column(
            name="tax_class",
            kind=TaxCode(),
            at="tax_class",
            required=True,
            aliases=("tax", "vat", "steuer", "steuerklasse", "mwst", "ust", "tva", "taxe"),
        ),
        Column(name="unit", kind=Unit(), at="unit", aliases=("einheit", "unité", "unite", "sold_by")),
        Column(
            name="active",
            kind=YesNo(),
            at="is_active",
            level=1,
            aliases=("aktiv", "actif", "enabled", "is_active"),
            help="whether the variant is sold; an item comes back with an active variant",
        ),
        Column(
            name="description",
            kind=Text(2000, lines=True),
            at="description",
            aliases=("beschreibung", "details", "notes"),
        ),
        Column(
            name="opening_stock",
            kind=Stock(),
            at=None,
            level=1,
            aliases=("stock", "bestand", "anfangsbestand", "quantity_on_hand", "stock_initial"),
            help="the quantity on hand, in unit; recorded once, never exported",
        ),
        Column(name="kitchen_name", kind=Text(80), at="kitchen_name", aliases=("küchenname", "nom_cuisine")),
        Column(name="units", kind=Units(), at="units"),
        Column(name="option_axes", kind=Axes(), at="option_axes", aliases=("optionen",)),
        Column(
            name="options",
            kind=Texts(40),
            at="options",
            level=1,
            help="the variant's values, in the order of option_axes",
        ),
        Column(name="tags", kind=Texts(40, is_sorted=True), at="tags", aliases=("schlagworte", "étiquettes")),
        Column(
            name="allergens",
            kind=Texts(20, known=ALLERGENS, is_sorted=True),
            at="allergens",
            aliases=("allergene", "allergènes"),
        ),
        Column(
            name="open_price", kind=YesNo(if_empty=False), at="has_open_price", help="asked for at the till"
        ),
        Column(name="item_active", kind=YesNo(), at="is_active", help="whether the item is sold at all"),
        Column(name="scheduled_prices", kind=ScheduledPrices(), at="scheduled_prices", level=1),
        Column(name="images", kind=Ids(), at="image_ids"),
    ),
)
