"""The people who work for a merchant, and the roles that say what they may do."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from fynlo.core.models import TenantModel, TenantQuerySet
from staff.employees.limits import Limits, limits_in_force
from staff.employees.roles import admin_permission


class Role(TenantModel):
    """A named set of permissions. Permissions are named in code (`staff.employees.roles`).

    `limits` are those the merchant stated, by name (`staff.employees.limits`; null: no limit); for the others
    the standard ones hold.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    limits = models.JSONField(default=dict, db_default={}, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def limits_in_force(self) -> Limits:
        """How far people with this role may go by themselves."""
        return limits_in_force(role_code=self.code, stated=self.limits)


class EmployeeManager(BaseUserManager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Finds employees by the e-mail address they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Employee":
        """The employee with this e-mail address, in any case of letters."""
        found: Employee = self.get(email__iexact=username)
        return found


class Employee(AbstractBaseUser, TenantModel):
    """Somebody who works for the merchant: signs in with a PIN at a till, or with a password in admin.

    `number` is what staff type at the till. `email` and a usable password exist only for people who use
    admin. `pin_hash` is Argon2id over the PIN and the server's pepper.
    """

    number = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(null=True, blank=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="employees")
    pin_hash = models.CharField(max_length=200, blank=True, default="")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["number", "name"]

    objects = EmployeeManager()  # type: ignore[misc]

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="staff_employee_email", condition=Q(email__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Employee {self.number}>"

    def get_full_name(self) -> str:
        """How the back office greets them."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether this person may enter the merchant's admin."""
        return self.is_active and "admin.access" in self.role.permissions

    def may(self, permission: str) -> bool:
        """Whether this person's role holds `permission`."""
        return self.is_active and permission in self.role.permissions

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's question in Fynlo's words: `pos.change_item` becomes `catalog.write`."""
        del obj
        needed = admin_permission(perm)
        return needed is not None and self.may("admin.access") and self.may(needed)

    def has_module_perms(self, app_label: str) -> bool:
        """Admin shows an app when the person may enter at all; each table asks again."""
        return self.is_staff and app_label in {"pos", "staff", "payments", "sync", "events"}
