"""The pos app's background work, room by room."""

from pos.importing import tasks as importing

__all__ = ["importing"]
