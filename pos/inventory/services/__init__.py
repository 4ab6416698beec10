"""Writes of stock, one story per file."""

from pos.inventory.services.movements import Cause, LevelNow, StockChange, record_movements
from pos.inventory.services.opening import record_opening
from pos.inventory.services.selling import record_sale

__all__ = ["Cause", "LevelNow", "StockChange", "record_movements", "record_opening", "record_sale"]
