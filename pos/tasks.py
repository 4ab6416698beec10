"""The pos app's background work, room by room."""

from pos.importing import tasks as importing
from pos.inventory import tasks as inventory
from pos.purchasing import tasks as purchasing

__all__ = ["importing", "inventory", "purchasing"]
