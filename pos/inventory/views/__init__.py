"""Stock over HTTP, one story per file."""

from pos.inventory.views.cards import StockCardView
from pos.inventory.views.ledger import StockLevelsView, StockMovementsView

__all__ = ["StockCardView", "StockLevelsView", "StockMovementsView"]
