"""Writing orders: one verb per file."""

from pos.orders.services.place import place_order

__all__ = ["place_order"]
