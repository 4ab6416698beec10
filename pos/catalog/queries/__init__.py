"""Reading the catalogue, each in a fixed number of statements."""

from pos.catalog.queries.book import BookedVariant, BookForSale, NoPriceBook, book_for_sale
from pos.catalog.queries.lists import (
    catalog_items,
    categories,
    revision,
    tax_class_codes,
    tax_classes,
)
from pos.catalog.queries.records import (
    BarcodeHolder,
    barcode_holders,
    item_draft,
    items_with_stock,
    sku_holders,
)

__all__ = [
    "BarcodeHolder",
    "BookForSale",
    "BookedVariant",
    "NoPriceBook",
    "barcode_holders",
    "book_for_sale",
    "catalog_items",
    "categories",
    "item_draft",
    "items_with_stock",
    "revision",
    "sku_holders",
    "tax_class_codes",
    "tax_classes",
]
