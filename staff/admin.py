"""The staff app's tables in the back office, room by room."""

from staff.employees import admin as employees

__all__ = ["employees"]
