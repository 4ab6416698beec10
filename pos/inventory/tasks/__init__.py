"""Background work of stock, one story per file."""

from pos.inventory.tasks.audit import audit_stock, audit_stock_everywhere
from pos.inventory.tasks.settling import settle_stock, settle_stock_everywhere

__all__ = ["audit_stock", "audit_stock_everywhere", "settle_stock", "settle_stock_everywhere"]
