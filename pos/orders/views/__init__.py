"""Orders over HTTP, one story per file."""

from pos.orders.views.house_payments import HousePaymentsView
from pos.orders.views.orders import FavouritesView, OrdersView, OrderView, QuotesView, StockReturnsView
from pos.orders.views.refunds import (
    ExchangesView,
    OrderRefundsView,
    RefundableView,
    RefundsView,
    RefundView,
)
from pos.orders.views.tickets import (
    OrderCancelView,
    OrderChangesView,
    OrderFulfilmentView,
    OrderPaymentsView,
    OrderPlaceView,
    TicketsView,
)
from pos.orders.views.trainings import TrainingOrdersView
from pos.orders.views.value_sales import GiftCardAdjustmentsView, GiftCardLoadsView, GiftCardsView

__all__ = [
    "ExchangesView",
    "FavouritesView",
    "GiftCardAdjustmentsView",
    "GiftCardLoadsView",
    "GiftCardsView",
    "HousePaymentsView",
    "OrderCancelView",
    "OrderChangesView",
    "OrderFulfilmentView",
    "OrderPaymentsView",
    "OrderPlaceView",
    "OrderRefundsView",
    "OrderView",
    "OrdersView",
    "QuotesView",
    "RefundView",
    "RefundableView",
    "RefundsView",
    "StockReturnsView",
    "TicketsView",
    "TrainingOrdersView",
]
