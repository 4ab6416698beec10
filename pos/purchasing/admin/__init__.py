"""Buying in the back office, one story per file."""

from pos.purchasing.admin import deliveries, orders, receive, records, suggestions

__all__ = ["deliveries", "orders", "receive", "records", "suggestions"]
