"""Facts about people. They carry ids and rights, never names: facts stay for ever, personal data does not."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True)
class EmployeeChanged(DomainEvent):
    """An employee was hired, changed, or let go. `role` is the role's code."""

    kind: ClassVar[str] = "employee.changed"

    role: str
    is_active: bool


@dataclass(frozen=True)
class EmployeeCredentialChanged(DomainEvent):
    """An employee has a new PIN or password; who was signed in with the old one is signed out."""

    kind: ClassVar[str] = "employee.credential_changed"

    credential: str
    changed_by: uuid.UUID | None


@dataclass(frozen=True)
class RoleChanged(DomainEvent):
    """The limits of a role changed; `limits` are those in force from now on."""

    kind: ClassVar[str] = "role.changed"

    role: str
    limits: Mapping[str, int]
    changed_by: uuid.UUID | None
