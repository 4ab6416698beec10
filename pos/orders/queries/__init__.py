"""Reading orders: each whole, where its cents come from, and what sells most."""

from pos.orders.queries.favourites import Favourite, favourites
from pos.orders.queries.orders import draft_digest, order_explanation, orders, whole_order, whole_orders

__all__ = [
    "Favourite",
    "draft_digest",
    "favourites",
    "order_explanation",
    "orders",
    "whole_order",
    "whole_orders",
]
