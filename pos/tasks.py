"""The pos app's background work, room by room."""

from pos.importing import tasks as importing
from pos.inventory import tasks as inventory

__all__ = ["importing", "inventory"]
