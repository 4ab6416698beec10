"""The pos app's tables in the back office, room by room."""

from pos.catalog import admin as catalog
from pos.importing import admin as importing
from pos.inventory import admin as inventory
from pos.labels import admin as labels
from pos.orders import admin as orders
from pos.orders import tax_page as taxes
from pos.orders import try_pages as trying
from pos.purchasing import admin as purchasing
from pos.receipts import admin as receipts
from pos.registers import admin as registers
from pos.registers.journal import admin as journal
from pos.stock_files import admin as stock_files

__all__ = [
    "catalog",
    "importing",
    "inventory",
    "journal",
    "labels",
    "orders",
    "purchasing",
    "receipts",
    "registers",
    "stock_files",
    "taxes",
    "trying",
]
