"""The tables of purchasing, one story per file."""

from pos.purchasing.models.emails import PurchaseEmail
from pos.purchasing.models.landed import LandedCost, LandedCostShare
from pos.purchasing.models.orders import PurchaseOrder, PurchaseOrderLine, PurchaseOrderStep
from pos.purchasing.models.receipts import GoodsReceipt, GoodsReceiptLine
from pos.purchasing.models.returns import SupplierReturn, SupplierReturnLine
from pos.purchasing.models.suppliers import Supplier, SupplierItem

__all__ = [
    "GoodsReceipt",
    "GoodsReceiptLine",
    "LandedCost",
    "LandedCostShare",
    "PurchaseEmail",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "PurchaseOrderStep",
    "Supplier",
    "SupplierItem",
    "SupplierReturn",
    "SupplierReturnLine",
]
