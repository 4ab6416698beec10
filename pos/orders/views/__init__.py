"""Orders over HTTP, one story per file."""

from pos.orders.views.orders import FavouritesView, OrdersView, OrderView, QuotesView, StockReturnsView
from pos.orders.views.refunds import OrderRefundsView, RefundableView, RefundsView, RefundView

__all__ = [
    "FavouritesView",
    "OrderRefundsView",
    "OrderView",
    "OrdersView",
    "QuotesView",
    "RefundView",
    "RefundableView",
    "RefundsView",
    "StockReturnsView",
]
