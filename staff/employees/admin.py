"""People and roles in the back office. What roles may do is the code's, how far they may go is the merchant's."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from fynlo.backoffice.columns import titled
from fynlo.backoffice.options import ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from staff.employees.forms import EmployeeForm, RoleForm
from staff.employees.limits import LIMITS
from staff.employees.models import Employee, Role
from staff.employees.roles import PERMISSIONS
from staff.employees.services import (
    create_employee,
    set_limits,
    set_password,
    set_pin,
    update_employee,
)


@admin.register(Employee, site=merchant_admin)
class EmployeeAdmin(ServiceAdmin):
    """Who works here. Nobody is deleted: what they sold names them."""

    form = EmployeeForm
    list_display = (
        "number",
        "name",
        "role",
        "email",
        titled(lambda person: "yes" if person.pin_hash else "no", "Has a PIN"),
        "last_login",
        "is_active",
    )
    list_filter = ("role", "is_active")
    list_select_related = ("role",)
    search_fields = ("number", "name", "email")
    ordering = ("number",)
    fieldsets = (
        (None, {"fields": (("number", "name"), ("role", "email"), "is_active")}),
        ("Secrets", {"fields": ("new_pin", "new_password")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields for secrets only for people who may set them."""
        everything = super().get_fieldsets(request, obj)
        return everything if self.has_change_permission(request, obj) else everything[:1]

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Hire or change the person, then give them what was typed as PIN and password."""
        del formsets
        pin, password = form.cleaned_data["new_pin"], form.cleaned_data["new_password"]
        if obj._state.adding:
            made = create_employee(
                draft=form.draft(), pin=pin or None, password=password or None, actor=actor, at=at
            )
            obj.pk = made.pk
            return
        update_employee(employee_id=obj.pk, draft=form.draft(), actor=actor, at=at)
        if pin:
            set_pin(employee_id=obj.pk, pin=pin, actor=actor, at=at)
        if password:
            set_password(employee_id=obj.pk, password=password, actor=actor, at=at)


def _permissions(role: Any) -> SafeString:
    """What the role may do, in words."""
    lines = [(PERMISSIONS.get(name, name), name) for name in role.permissions]
    return format_html_join("\n", "<div>{} <code>{}</code></div>", lines)


permissions = titled(_permissions, "May")


@admin.register(Role, site=merchant_admin)
class RoleAdmin(ServiceAdmin):
    """Roles: what they may do, to read; how far, to change."""

    form = RoleForm
    list_display = (
        "code",
        "name",
        titled(lambda role: str(len(role.permissions)), "Permissions"),
        titled(lambda role: str(len(role.limits_in_force)), "Limits"),
    )
    fieldsets = (
        (None, {"fields": ("code", "name", permissions)}),
        ("How far they may go by themselves", {"fields": tuple(LIMITS)}),
    )
    readonly_fields = ("code", "name", permissions)
    ordering = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Roles are the code's."""
        del request
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may not change limits sees what the role may do."""
        everything = super().get_fieldsets(request, obj)
        return everything if self.has_change_permission(request, obj) else everything[:1]

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """State the limits that differ from those in force."""
        del formsets
        set_limits(role_code=obj.code, limits=form.changed_limits(), actor=actor, at=at)
