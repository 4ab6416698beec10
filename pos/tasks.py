"""The pos app's background work, room by room."""

from pos.importing import tasks as importing
from pos.inventory import tasks as inventory
from pos.purchasing import tasks as purchasing
from pos.receipts import tasks as receipts
from pos.registers.journal import tasks as journal
from pos.stock_files import tasks as stock_files

__all__ = ["importing", "inventory", "journal", "purchasing", "receipts", "stock_files"]
