"""Facts about sign-ins and approvals: who stands at which till, and who said that something may be done."""

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


@dataclass(frozen=True)
class ApprovalGiven(DomainEvent):
    """An employee approved something with their own PIN. The entity is the approval."""

    kind: ClassVar[str] = "approval.given"

    approver_id: uuid.UUID
    device_id: uuid.UUID
    action: str
    subject_id: uuid.UUID
    amount_minor: int
    percent: int
