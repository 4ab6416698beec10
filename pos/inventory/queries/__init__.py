"""Reads of stock, one story per file."""

from pos.inventory.queries.cards import CardPeriod, stock_card
from pos.inventory.queries.ledger import LevelFilter, MovementFilter, stock_levels, stock_movements

__all__ = [
    "CardPeriod",
    "LevelFilter",
    "MovementFilter",
    "stock_card",
    "stock_levels",
    "stock_movements",
]
