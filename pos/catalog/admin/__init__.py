"""The catalogue in the back office, page by page."""

from pos.catalog.admin.grid import grid
from pos.catalog.admin.items import CategoryAdmin, ItemAdmin, TaxClassAdmin
from pos.catalog.admin.patterns import PatternAdmin
from pos.catalog.admin.preview import preview
from pos.catalog.admin.prices import prices

__all__ = ["CategoryAdmin", "ItemAdmin", "PatternAdmin", "TaxClassAdmin", "grid", "preview", "prices"]
