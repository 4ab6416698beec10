"""Stock in the back office, one story per file."""

from pos.inventory.admin import ledger

__all__ = ["ledger"]
