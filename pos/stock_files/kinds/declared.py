"""All kinds of files, in the order in which a merchant who begins sends them."""

from typing import Final

from pos.stock_files.kinds.base import StockKind
from pos.stock_files.kinds.counts import Counts
from pos.stock_files.kinds.levels import Levels
from pos.stock_files.kinds.orders import PurchaseOrders
from pos.stock_files.kinds.supplier_items import SupplierItems
from pos.stock_files.kinds.suppliers import Suppliers
from pos.stock_files.kinds.targets import Targets

KINDS: Final[tuple[StockKind, ...]] = (
    Levels(),
    Counts(),
    Targets(),
    Suppliers(),
    SupplierItems(),
    PurchaseOrders(),
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}
