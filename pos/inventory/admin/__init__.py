"""Stock in the back office, one story per file."""

from pos.inventory.admin import cards, ledger, settings

__all__ = ["cards", "ledger", "settings"]
