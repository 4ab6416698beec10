"""Changing the catalogue. Every change locks the catalogue's head, raises its revision and tells the feed."""

from pos.catalog.services.categories import remove_category, save_category
from pos.catalog.services.imports import ImportReport, import_catalog
from pos.catalog.services.items import save_item
from pos.catalog.services.taxes import save_tax_class

__all__ = [
    "ImportReport",
    "import_catalog",
    "remove_category",
    "save_category",
    "save_item",
    "save_tax_class",
]
