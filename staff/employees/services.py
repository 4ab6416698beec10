"""Hiring, changing and letting go; PINs and passwords.

Who is let go, or gets another PIN or password, is signed out everywhere at once. Nobody reaches beyond their
own rights, and the last active owner stays.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.utils import IntegrityError
from pydantic import SecretStr, TypeAdapter, ValidationError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import FieldProblem, Forbidden, InvalidInput, NotFound
from fynlo.events.log import append, unit_of_work
from staff.configuration import Password, Pin
from staff.employees import queries
from staff.employees.errors import (
    EmailTaken,
    EmployeeNumberTaken,
    LastOwner,
    MoreThanOwnRights,
    WeakCredential,
)
from staff.employees.events import EmployeeChanged, EmployeeCredentialChanged, RoleChanged
from staff.employees.limits import LIMITS, Limits, highest
from staff.employees.models import Employee, Role
from staff.employees.pins import pin_hasher
from staff.employees.roles import STANDARD_ROLES

MANAGE: Final = "staff.manage"
OWNER: Final = "owner"
_NUMBER: Final = re.compile(r"[0-9]{1,8}", re.ASCII)
_PIN_RULES: Final = TypeAdapter[SecretStr](Pin)
_PASSWORD_RULES: Final = TypeAdapter[SecretStr](Password)


@dataclass(frozen=True, slots=True)
class EmployeeDraft:
    """A person as they should be. `role` is a role's code."""

    number: str
    name: str
    role: str
    email: str | None = None
    is_active: bool = True


def seed_roles() -> list[Role]:
    """Make the standard roles, or bring them to what the code says; safe to run again."""
    with transaction.atomic():
        return [
            Role.objects.update_or_create(
                code=code, defaults={"name": name, "permissions": sorted(permissions)}
            )[0]
            for code, (name, permissions) in STANDARD_ROLES.items()
        ]


def set_limits(*, role_code: str, limits: Mapping[str, int | None], actor: Actor, at: dt.datetime) -> Limits:
    """State how far people of a role may go by themselves; None is no limit, what is not named stays.

    Answers the limits in force from the next request on. Raises `NotFound`, `InvalidInput` with a pointer, and
    `MoreThanOwnRights` for more than the actor's own limit.
    """
    actor.require(MANAGE)
    for name, limit in limits.items():
        _check_limit(actor, name, limit)
    with unit_of_work():
        role = Role.objects.select_for_update(no_key=True).filter(code=role_code).first()
        if role is None:
            raise NotFound(f"There is no role {role_code}.")
        stated = {**role.limits, **limits}
        if stated != role.limits:
            role.limits = stated
            role.save(update_fields=["limits"])
            in_force = dict(role.limits_in_force)
            append(RoleChanged(role.pk, role=role.code, limits=in_force, changed_by=actor.id, at=at))
    in_force_now: Limits = role.limits_in_force
    return in_force_now


def create_employee(
    *,
    draft: EmployeeDraft,
    actor: Actor,
    at: dt.datetime,
    pin: str | None = None,
    password: str | None = None,
) -> Employee:
    """Hire somebody, with a first PIN and password where they are given.

    Raises `WeakCredential`, `EmployeeNumberTaken`, `EmailTaken`, `MoreThanOwnRights`, `InvalidInput`.
    """
    actor.require(MANAGE)
    _check_number(draft.number)
    pin_hash = "" if pin is None else pin_hasher().hash(checked_pin(pin))
    password_hash = make_password(None if password is None else checked_password(password))
    with unit_of_work(), _named_conflicts():
        role = queries.role_by_code(code=draft.role)
        _check_reach(actor, role)
        employee = Employee(
            number=draft.number,
            name=draft.name,
            email=draft.email,
            role=role,
            is_active=draft.is_active,
            pin_hash=pin_hash,
            password=password_hash,
        )
        employee.save(force_insert=True)
        append(_changed(employee, at))
    return employee


def update_employee(
    *, employee_id: uuid.UUID, draft: EmployeeDraft, actor: Actor, at: dt.datetime
) -> Employee:
    """Bring a person to what `draft` says; who is let go is signed out at once.

    Raises `NotFound`, `LastOwner`, `EmployeeNumberTaken`, `EmailTaken`, `MoreThanOwnRights`, `InvalidInput`.
    """
    actor.require(MANAGE)
    _check_number(draft.number)
    with unit_of_work(), _named_conflicts():
        employee = _locked(employee_id)
        role = queries.role_by_code(code=draft.role)
        _check_reach(actor, employee.role)
        _check_reach(actor, role)
        _keep_an_owner(employee, becomes_owner=draft.is_active and role.code == OWNER)
        employee.number, employee.name, employee.email = draft.number, draft.name, draft.email
        employee.role, employee.is_active = role, draft.is_active
        employee.save(update_fields=["number", "name", "email", "role", "is_active"])
        if not employee.is_active:
            _end_sessions(employee, at)
        append(_changed(employee, at))
    return employee


def set_pin(*, employee_id: uuid.UUID, pin: str, actor: Actor, at: dt.datetime) -> Employee:
    """Give a person a new PIN: 4 to 8 digits and none of the first that anybody tries (`WeakCredential`)."""
    actor.require(MANAGE)
    pin_hash = pin_hasher().hash(checked_pin(pin))
    with unit_of_work():
        employee = _locked(employee_id)
        _check_reach(actor, employee.role)
        employee.pin_hash = pin_hash
        employee.save(update_fields=["pin_hash"])
        _end_sessions(employee, at)
        append(_new_credential(employee, "pin", actor, at))
    return employee


def set_password(*, employee_id: uuid.UUID, password: str, actor: Actor, at: dt.datetime) -> Employee:
    """Give a person a new password for the back office; browsers signed in with the old one are signed out."""
    actor.require(MANAGE)
    password_hash = make_password(checked_password(password))
    with unit_of_work():
        employee = _locked(employee_id)
        _check_reach(actor, employee.role)
        employee.password = password_hash
        employee.save(update_fields=["password"])
        _end_sessions(employee, at)
        append(_new_credential(employee, "password", actor, at))
    return employee


def change_own_password(*, old: str, new: str, actor: Actor, at: dt.datetime) -> Employee:
    """Give oneself a new password for the back office; needs no permission but the old one.

    Other browsers and tills where the person is signed in are signed out. Raises `WeakCredential`, and
    `Forbidden` when the old password is not right.
    """
    if actor.employee_id is None:
        raise Forbidden("Only an employee has a password here.")
    password_hash = make_password(checked_password(new))
    with unit_of_work():
        employee = _locked(actor.employee_id)
        if not employee.check_password(old):
            raise Forbidden("The old password is not right.", pointer="/old_password")
        employee.password = password_hash
        employee.save(update_fields=["password"])
        _end_sessions(employee, at)
        append(_new_credential(employee, "password", actor, at))
    return employee


def checked_pin(pin: str) -> str:
    """The PIN itself, when it is one that may be used; raises `WeakCredential`."""
    return _checked(_PIN_RULES, pin, "/pin")


def checked_password(password: str) -> str:
    """The password itself, when it is one that may be used; raises `WeakCredential`."""
    return _checked(_PASSWORD_RULES, password, "/password")


def _checked(rules: TypeAdapter[SecretStr], text: str, pointer: str) -> str:
    try:
        rules.validate_python(SecretStr(text))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)[0]
        problem = FieldProblem(pointer, found["type"], found["msg"])
        raise WeakCredential(found["msg"], errors=[problem]) from None  # the cause holds the secret
    return text


def _check_number(number: str) -> None:
    if not _NUMBER.fullmatch(number):
        raise InvalidInput("An employee number has 1 to 8 digits.", pointer="/number")


def _check_limit(actor: Actor, name: str, limit: int | None) -> None:
    if name not in LIMITS:
        raise InvalidInput(f"There is no limit {name}.", pointer=f"/{name}")
    if limit is not None and not 0 <= limit <= highest(name):
        raise InvalidInput(f"A limit is between 0 and {highest(name)}.", pointer=f"/{name}")
    own = actor.limit(name)
    if own is not None and (limit is None or limit > own):
        raise MoreThanOwnRights(f"Your own limit is {own}.", pointer=f"/{name}", limit=name)


def _check_reach(actor: Actor, role: Role) -> None:
    if not all(actor.may(permission) for permission in role.permissions):
        raise MoreThanOwnRights(f"The role {role.code} has rights that you do not have.")


def _locked(employee_id: uuid.UUID) -> Employee:
    found: Employee | None = (
        Employee.objects.select_for_update(of=("self",)).select_related("role").filter(pk=employee_id).first()
    )
    if found is None:
        raise NotFound("There is no such employee.")
    return found


def _keep_an_owner(employee: Employee, *, becomes_owner: bool) -> None:
    """Refuse to lose the last active owner. The owner's role is locked, so two who let each other go queue."""
    if becomes_owner or not employee.is_active or employee.role.code != OWNER:
        return
    Role.objects.select_for_update(no_key=True).get(code=OWNER)
    others = Employee.objects.filter(role__code=OWNER, is_active=True).exclude(pk=employee.pk)
    if not others.exists():
        raise LastOwner("Make somebody else an owner first.")


def _end_sessions(employee: Employee, at: dt.datetime) -> None:
    employee.sessions.filter(revoked_at__isnull=True).update(revoked_at=at)


def _changed(employee: Employee, at: dt.datetime) -> EmployeeChanged:
    return EmployeeChanged(employee.id, role=employee.role.code, is_active=employee.is_active, at=at)


def _new_credential(
    employee: Employee, credential: str, actor: Actor, at: dt.datetime
) -> EmployeeCredentialChanged:
    return EmployeeCredentialChanged(employee.id, credential=credential, changed_by=actor.id, at=at)


@contextmanager
def _named_conflicts() -> Iterator[None]:
    """Constraint first, message second: who comes second with a number or address is told which."""
    try:
        yield
    except IntegrityError as error:
        name = constraint(error)
        if name.startswith("staff_employee_email"):
            raise EmailTaken(pointer="/email") from error
        if name.startswith("staff_employee_number"):
            raise EmployeeNumberTaken(pointer="/number") from error
        raise
