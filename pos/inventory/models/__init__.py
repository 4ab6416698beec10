"""The tables of stock, one story per file."""

from pos.inventory.models.costs import StockCostState
from pos.inventory.models.ledger import StockCountResult, StockLevel, StockMovement
from pos.inventory.models.settings import StockHead, StockItem, StockTarget

__all__ = [
    "StockCostState",
    "StockCountResult",
    "StockHead",
    "StockItem",
    "StockLevel",
    "StockMovement",
    "StockTarget",
]
