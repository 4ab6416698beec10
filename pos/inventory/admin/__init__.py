"""Stock in the back office, one story per file."""

from pos.inventory.admin import cards, ledger, reservations, settings, valuation

__all__ = ["cards", "ledger", "reservations", "settings", "valuation"]
