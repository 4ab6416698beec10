"""The catalogue's tables, by what they tell."""

from pos.catalog.models.books import KINDS, BookEntry, PriceBookVersion, VariantMove
from pos.catalog.models.choices import (
    ComboChoice,
    ComboSlot,
    GroupUse,
    Modifier,
    ModifierGroup,
    ModifierPrice,
)
from pos.catalog.models.head import THE_ONE, CatalogHead
from pos.catalog.models.images import CatalogImage, ItemImage
from pos.catalog.models.imports import IMPORT_STATES, CatalogImport
from pos.catalog.models.items import UNITS, Barcode, Category, Item, Variant
from pos.catalog.models.offers import BarcodePattern, Menu, Stop
from pos.catalog.models.prices import PHASES, PriceList, PriceListEntry, Promotion, ServiceCharge
from pos.catalog.models.taxes import TaxClass

__all__ = [
    "IMPORT_STATES",
    "KINDS",
    "PHASES",
    "THE_ONE",
    "UNITS",
    "Barcode",
    "BarcodePattern",
    "BookEntry",
    "CatalogHead",
    "CatalogImage",
    "CatalogImport",
    "Category",
    "ComboChoice",
    "ComboSlot",
    "GroupUse",
    "Item",
    "ItemImage",
    "Menu",
    "Modifier",
    "ModifierGroup",
    "ModifierPrice",
    "PriceBookVersion",
    "PriceList",
    "PriceListEntry",
    "Promotion",
    "ServiceCharge",
    "Stop",
    "TaxClass",
    "Variant",
    "VariantMove",
]
