"""What the staff app does when a merchant is onboarded: roles, then people with their first PIN and password."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from pydantic import SecretStr

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import TenantLike
from staff.configuration import EmployeeSection, StaffSection
from staff.employees.models import Employee
from staff.employees.roles import STANDARD_ROLES
from staff.employees.services import (
    OWNER,
    EmployeeDraft,
    create_employee,
    seed_roles,
    set_limits,
    update_employee,
)
from tenants.configuration.sections import Configuration
from tenants.onboarding.steps import register


def make_roles(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int]:
    """The standard roles, as the code has them, with the limits the file states."""
    del tenant
    roles = seed_roles()
    for code, limits in config.section(StaffSection).limits.by_role().items():
        set_limits(role_code=code, limits=limits, actor=SYSTEM, at=at)
    return {"roles": len(roles)}


def make_employees(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int]:
    """Everybody in the file, found again by number.

    Names, e-mail addresses and roles follow the file. PINs and passwords are first ones: who is here already
    keeps their own. Who was let go stays let go. Owners come first, so that there is one at every moment.
    """
    del tenant
    sections = sorted(config.section(StaffSection).employees, key=lambda person: person.role != OWNER)
    known = {person.number: person for person in Employee.objects.select_related("role")}
    outcomes = [_make(section, known.get(section.number), at) for section in sections]
    return {word: outcomes.count(word) for word in ("created", "changed", "kept")}


def _make(section: EmployeeSection, known: Employee | None, at: dt.datetime) -> str:
    draft = EmployeeDraft(
        number=section.number,
        name=section.name,
        email=section.email,
        role=section.role,
        is_active=known.is_active if known else True,
    )
    if known is None:
        create_employee(
            draft=draft,
            pin=_open(section.initial_pin),
            password=_open(section.initial_password),
            actor=SYSTEM,
            at=at,
        )
        return "created"
    if (known.name, known.email, known.role.code) == (draft.name, draft.email, draft.role):
        return "kept"
    update_employee(employee_id=known.id, draft=draft, actor=SYSTEM, at=at)
    return "changed"


def _open(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def _version_of(roles: Mapping[str, Any]) -> int:
    """A number that changes whenever the roles in the code do, so that the step runs again."""
    text = repr([(code, name, sorted(permissions)) for code, (name, permissions) in sorted(roles.items())])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


ROLES_VERSION: Final = _version_of(STANDARD_ROLES)
register(
    name="staff.roles",
    order=200,
    run=make_roles,
    reads=("merchant.slug", "staff.limits"),
    version=ROLES_VERSION,
)
register(name="staff.employees", order=210, run=make_employees, reads=("staff",))
