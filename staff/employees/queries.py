"""Reads about people."""

import uuid

from fynlo.core.errors import NotFound
from staff.employees.models import Employee, Role


def employee_by_number(*, number: str) -> Employee | None:
    """The employee with this number and their role, in one statement; None when nobody has it."""
    found: Employee | None = Employee.objects.select_related("role").filter(number=number).first()
    return found


def employee(*, employee_id: uuid.UUID) -> Employee:
    """The employee with this id and their role; raises `NotFound`."""
    found: Employee | None = Employee.objects.select_related("role").filter(pk=employee_id).first()
    if found is None:
        raise NotFound("There is no such employee.")
    return found


def role_by_code(*, code: str) -> Role:
    """The role with this code; raises `NotFound`."""
    found: Role | None = Role.objects.filter(code=code).first()
    if found is None:
        raise NotFound(f"There is no role {code}.", pointer="/role")
    return found


def roles() -> list[Role]:
    """Every role, in order of their codes."""
    return list(Role.objects.order_by("code"))
