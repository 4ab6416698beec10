"""Password sign-in to a merchant's admin."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from fynlo.core.tenancy import current_schema, is_platform
from staff.employees.models import Employee


class EmployeeBackend(BaseBackend):
    """Employees of the merchant whose host was asked; answers nobody on the platform."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Employee | None:
        """The active employee with this e-mail and password, or None after the same work (trap 25)."""
        del request
        if is_platform() or current_schema() is None or username is None or password is None:
            return None
        employee: Employee | None = (
            Employee.objects.select_related("role").filter(email__iexact=username).first()
        )
        if employee is None:
            Employee().set_password(password)
            return None
        return employee if employee.check_password(password) and employee.is_active else None

    def get_user(self, user_id: Any) -> Employee | None:
        """The employee of a browser session."""
        if is_platform() or current_schema() is None:
            return None
        found: Employee | None = (
            Employee.objects.select_related("role").filter(pk=user_id, is_active=True).first()
        )
        return found
