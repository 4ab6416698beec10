"""Orders: what was sold, at which price and tax, by whom, when, and what was changed on the way."""

from pos.orders.models.changes import OrderChange
from pos.orders.models.lines import OrderLine
from pos.orders.models.orders import Order
from pos.orders.models.refunds import Refund, RefundLine
from pos.orders.models.taxes import OrderTax

__all__ = ["Order", "OrderChange", "OrderLine", "OrderTax", "Refund", "RefundLine"]
