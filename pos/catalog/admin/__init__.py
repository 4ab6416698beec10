"""The catalogue in the back office, page by page."""

from pos.catalog.admin.availability import StopAdmin
from pos.catalog.admin.books import BookEntryAdmin, PriceBookVersionAdmin
from pos.catalog.admin.grid import grid
from pos.catalog.admin.items import CategoryAdmin, ItemAdmin
from pos.catalog.admin.menus import MenuAdmin
from pos.catalog.admin.modifiers import ModifierGroupAdmin
from pos.catalog.admin.offers import PriceListAdmin, PromotionAdmin, ServiceChargeAdmin
from pos.catalog.admin.patterns import PatternAdmin
from pos.catalog.admin.preview import preview
from pos.catalog.admin.prices import prices
from pos.catalog.admin.settings import SettingsAdmin
from pos.catalog.admin.taxes import TaxClassAdmin

__all__ = [
    "BookEntryAdmin",
    "CategoryAdmin",
    "ItemAdmin",
    "MenuAdmin",
    "ModifierGroupAdmin",
    "PatternAdmin",
    "PriceBookVersionAdmin",
    "PriceListAdmin",
    "PromotionAdmin",
    "ServiceChargeAdmin",
    "SettingsAdmin",
    "StopAdmin",
    "TaxClassAdmin",
    "grid",
    "preview",
    "prices",
]
