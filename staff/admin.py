"""The staff app's tables in the back office, room by room."""

from staff.access import admin as access
from staff.employees import admin as employees

__all__ = ["access", "employees"]
