"""The catalogue over HTTP, by what is asked for."""

from pos.catalog.views.book import CatalogBookView
from pos.catalog.views.documents import CatalogDocumentView
from pos.catalog.views.images import CatalogImagesView, CatalogImageView
from pos.catalog.views.lists import CatalogItemsView, CatalogItemView, CategoriesView, TaxClassesView
from pos.catalog.views.search import CatalogSearchView, PatternTrialView, ScansView
from pos.catalog.views.stops import StopLiftView, StopsView

__all__ = [
    "CatalogBookView",
    "CatalogDocumentView",
    "CatalogImageView",
    "CatalogImagesView",
    "CatalogItemView",
    "CatalogItemsView",
    "CatalogSearchView",
    "CategoriesView",
    "PatternTrialView",
    "ScansView",
    "StopLiftView",
    "StopsView",
    "TaxClassesView",
]
