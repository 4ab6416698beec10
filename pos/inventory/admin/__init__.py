"""Stock in the back office, one story per file."""

from pos.inventory.admin import alerts, cards, ledger, lots, recipes, reservations, settings, valuation

__all__ = ["alerts", "cards", "ledger", "lots", "recipes", "reservations", "settings", "valuation"]
