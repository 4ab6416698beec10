"""Reads of stock, one story per file."""

from pos.inventory.queries.ledger import stock_levels, stock_movements

__all__ = ["stock_levels", "stock_movements"]
