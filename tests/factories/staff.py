"""Roles and people."""

import factory

from staff.employees.models import Employee, Role
from staff.employees.roles import STANDARD_ROLES


class RoleFactory(factory.django.DjangoModelFactory[Role]):
    """A cashier's role; asked twice for the same code it gives the same row."""

    class Meta:
        model = Role
        django_get_or_create = ("code",)

    code = "cashier"
    name = factory.LazyAttribute(lambda role: STANDARD_ROLES[role.code][0])
    permissions = factory.LazyAttribute(lambda role: sorted(STANDARD_ROLES[role.code][1]))


class EmployeeFactory(factory.django.DjangoModelFactory[Employee]):
    """Somebody without password and PIN; set those through the services that own them."""

    class Meta:
        model = Employee

    number = factory.Sequence(lambda n: str(100 + n))
    name = factory.Sequence(lambda n: f"Employee {n}")
    role = factory.SubFactory(RoleFactory)
    password = "!"


def standard_roles() -> dict[str, Role]:
    """The roles every merchant starts with, by code."""
    found = {role.code: role for role in Role.objects.filter(code__in=STANDARD_ROLES)}
    new = [RoleFactory.build(code=code) for code in STANDARD_ROLES if code not in found]
    found |= {role.code: role for role in Role.objects.bulk_create(new)}
    return {code: found[code] for code in STANDARD_ROLES}
