"""The catalogue over HTTP, by what is asked for."""

from pos.catalog.views.lists import CatalogItemsView, CatalogItemView, CategoriesView, TaxClassesView

__all__ = [
    "CatalogItemView",
    "CatalogItemsView",
    "CategoriesView",
    "TaxClassesView",
]
