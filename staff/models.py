"""The tables of the staff app, room by room."""

from staff.access.models import SignInTry, StaffSession
from staff.employees.models import Employee, Role

__all__ = ["Employee", "Role", "SignInTry", "StaffSession"]
