"""Background work of stock, one story per file."""

from pos.inventory.tasks.alerts import watch_expiry, watch_expiry_everywhere
from pos.inventory.tasks.audit import audit_stock, audit_stock_everywhere
from pos.inventory.tasks.reservations import release_reservations, release_reservations_everywhere
from pos.inventory.tasks.settling import settle_stock, settle_stock_everywhere

__all__ = [
    "audit_stock",
    "audit_stock_everywhere",
    "release_reservations",
    "release_reservations_everywhere",
    "settle_stock",
    "settle_stock_everywhere",
    "watch_expiry",
    "watch_expiry_everywhere",
]
