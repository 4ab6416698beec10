"""Stock in the back office, one story per file."""

from pos.inventory.admin import cards, ledger

__all__ = ["cards", "ledger"]
