"""The catalogue in the back office, page by page."""

from pos.catalog.admin.items import CategoryAdmin, ItemAdmin, TaxClassAdmin

__all__ = ["CategoryAdmin", "ItemAdmin", "TaxClassAdmin"]
