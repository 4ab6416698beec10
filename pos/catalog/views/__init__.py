"""The catalogue over HTTP, by what is asked for."""

from pos.catalog.views.book import CatalogBookView
from pos.catalog.views.lists import CatalogItemsView, CatalogItemView, CategoriesView, TaxClassesView

__all__ = [
    "CatalogBookView",
    "CatalogItemView",
    "CatalogItemsView",
    "CategoriesView",
    "TaxClassesView",
]
