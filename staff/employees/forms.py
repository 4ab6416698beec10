"""The back office's form of an employee. PIN and password are typed in, never shown, not even as hashes."""

from django import forms
from unfold.widgets import UnfoldAdminPasswordWidget

from fynlo.backoffice.options import ServiceForm
from staff.employees.models import Employee
from staff.employees.services import EmployeeDraft

_UNCHANGED = "Leave it empty to keep the one there is."


class EmployeeForm(ServiceForm):
    """A person; `new_pin` and `new_password` are used once and kept nowhere."""

    new_pin = forms.CharField(
        label="New PIN",
        required=False,
        max_length=8,
        help_text=f"4 to 8 digits, for the till. {_UNCHANGED}",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    new_password = forms.CharField(
        label="New password",
        required=False,
        max_length=128,
        strip=False,
        help_text=f"At least 10 characters, for the back office. {_UNCHANGED}",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Employee
        fields = ("number", "name", "email", "role", "is_active")

    def draft(self) -> EmployeeDraft:
        """What the form states, without the secrets."""
        values = self.cleaned_data
        return EmployeeDraft(
            number=values["number"],
            name=values["name"],
            role=values["role"].code,
            email=values["email"] or None,
            is_active=values["is_active"],
        )
