"""Buying in the back office, one story per file."""

from pos.purchasing.admin import receive, records, suggestions

__all__ = ["receive", "records", "suggestions"]
