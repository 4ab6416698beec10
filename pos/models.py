"""The tables of the pos app, room by room."""

from pos.catalog.models import Barcode, CatalogHead, Category, Item, TaxClass, Variant
from pos.inventory.models import StockLevel, StockMovement
from pos.orders.models import Order, OrderLine, OrderTax
from pos.registers.models import CashMovement, CashSession, Location, Register

__all__ = [
    "Barcode",
    "CashMovement",
    "CashSession",
    "CatalogHead",
    "Category",
    "Item",
    "Location",
    "Order",
    "OrderLine",
    "OrderTax",
    "Register",
    "StockLevel",
    "StockMovement",
    "TaxClass",
    "Variant",
]
