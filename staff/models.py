"""The tables of the staff app, room by room."""

from staff.access.models import Approval, SignInTry, StaffSession
from staff.employees.models import Employee, Role

__all__ = ["Approval", "Employee", "Role", "SignInTry", "StaffSession"]
