"""Receipts in the back office: that of an order, what stands around all of them; gift cards on paper."""

from pos.receipts.admin.orders import order_receipt
from pos.receipts.admin.settings import receipt_page
from pos.receipts.admin.values import value_paper

__all__ = ["order_receipt", "receipt_page", "value_paper"]
