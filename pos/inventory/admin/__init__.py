"""Stock in the back office, one story per file."""

from pos.inventory.admin import (
    alerts,
    cards,
    counts,
    ledger,
    lots,
    recipes,
    reservations,
    settings,
    transfers,
    valuation,
)

__all__ = [
    "alerts",
    "cards",
    "counts",
    "ledger",
    "lots",
    "recipes",
    "reservations",
    "settings",
    "transfers",
    "valuation",
]
