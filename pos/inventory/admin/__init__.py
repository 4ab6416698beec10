"""Stock in the back office, one story per file."""

from pos.inventory.admin import (
    alerts,
    cards,
    counts,
    kitchen,
    ledger,
    lots,
    recipes,
    recording,
    reservations,
    settings,
    transfers,
    valuation,
    waste_reasons,
)

__all__ = [
    "alerts",
    "cards",
    "counts",
    "kitchen",
    "ledger",
    "lots",
    "recipes",
    "recording",
    "reservations",
    "settings",
    "transfers",
    "valuation",
    "waste_reasons",
]
