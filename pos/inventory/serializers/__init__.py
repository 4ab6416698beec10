"""Shapes of stock, one story per file."""

from pos.inventory.serializers.ledger import PlainQuantityField, StockLevelOutput, StockMovementOutput

__all__ = ["PlainQuantityField", "StockLevelOutput", "StockMovementOutput"]
