"""Receipts in the back office: that of an order, and what stands around all of them."""

from pos.receipts.admin.orders import order_receipt
from pos.receipts.admin.settings import receipt_page

__all__ = ["order_receipt", "receipt_page"]
