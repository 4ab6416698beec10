"""The tables of stock, one story per file."""

from pos.inventory.models.alerts import StockAlert
from pos.inventory.models.costs import StockCostState
from pos.inventory.models.counts import StockCount, StockCountEntry, StockCountLine
from pos.inventory.models.dishes import DishOut
from pos.inventory.models.ledger import StockCountResult, StockLevel, StockMovement
from pos.inventory.models.lots import StockLot, StockLotLevel
from pos.inventory.models.numbers import StockNumber
from pos.inventory.models.production import StockProduction
from pos.inventory.models.recipes import Recipe, RecipeLine, RecipeNeed, RecipeVersion
from pos.inventory.models.reservations import Reservation, ReservationLine
from pos.inventory.models.returns import StockReturn, StockReturnLine
from pos.inventory.models.settings import StockHead, StockItem, StockTarget
from pos.inventory.models.transfers import StockTransfer, StockTransferArrival, StockTransferLine
from pos.inventory.models.waste import StockWaste, WasteReason

__all__ = [
    "DishOut",
    "Recipe",
    "RecipeLine",
    "RecipeNeed",
    "RecipeVersion",
    "Reservation",
    "ReservationLine",
    "StockAlert",
    "StockCostState",
    "StockCount",
    "StockCountEntry",
    "StockCountLine",
    "StockCountResult",
    "StockHead",
    "StockItem",
    "StockLevel",
    "StockLot",
    "StockLotLevel",
    "StockMovement",
    "StockNumber",
    "StockProduction",
    "StockReturn",
    "StockReturnLine",
    "StockTarget",
    "StockTransfer",
    "StockTransferArrival",
    "StockTransferLine",
    "StockWaste",
    "WasteReason",
]
