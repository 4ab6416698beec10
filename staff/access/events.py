"""Facts about sign-ins: who stands at which till."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True)
class EmployeeSignedIn(DomainEvent):
    """An employee signed in on a device."""

    kind: ClassVar[str] = "employee.signed_in"

    device_id: uuid.UUID


@dataclass(frozen=True)
class EmployeeSignedOut(DomainEvent):
    """An employee signed out on a device."""

    kind: ClassVar[str] = "employee.signed_out"

    device_id: uuid.UUID
