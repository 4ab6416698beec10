"""The back office's forms of people and roles. PIN and password are typed in, never shown, not even as hashes."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminPasswordWidget

from fynlo.backoffice.options import ServiceForm
from staff.employees.limits import LIMITS, highest
from staff.employees.models import Employee, Role
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


class RoleForm(ServiceForm):
    """A role's limits, one field each; empty is no limit."""

    class Meta:
        model = Role
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_force = self.instance.limits_in_force
        for name in LIMITS:
            if name in self.fields:
                self.fields[name].initial = in_force.get(name)

    def changed_limits(self) -> dict[str, int | None]:
        """What was typed and differs from the limits in force."""
        in_force = self.instance.limits_in_force
        typed = {name: self.cleaned_data[name] for name in LIMITS}
        return {name: limit for name, limit in typed.items() if limit != in_force.get(name)}


def _limit_field(name: str, title: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=title,
        required=False,
        min_value=0,
        max_value=highest(name),
        help_text="Empty: no limit.",
        widget=UnfoldAdminIntegerFieldWidget(),
    )


RoleForm.base_fields.update({name: _limit_field(name, title) for name, title in LIMITS.items()})
RoleForm.declared_fields.update(RoleForm.base_fields)
