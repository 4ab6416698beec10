"""Buying in the back office, one story per file."""

from pos.purchasing.admin import orders, receive, records, suggestions

__all__ = ["orders", "receive", "records", "suggestions"]
