"""Who acts: a device, an employee on a device, a platform operator, an API key later, or the system itself."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fynlo.core.errors import Forbidden

ActorKind = Literal["device", "employee", "operator", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who makes a call, as services and history see them.

    `permissions` is everything this actor may do right now. A device alone has the device's permissions;
    an employee signed in on a device has their role's as well. `limits` say how far they may go by themselves
    (`staff.employees.limits`): percent or minor units by name; a name that is not there has no limit. A device
    alone has the cashier's.
    """

    kind: ActorKind
    id: uuid.UUID | None
    name: str
    device_id: uuid.UUID | None = None
    employee_id: uuid.UUID | None = None
    register_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    limits: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def is_authenticated(self) -> bool:
        """True: an Actor exists only after authentication (REST framework asks)."""
        return True

    def may(self, permission: str) -> bool:
        """Whether this actor holds `permission`."""
        return self.kind == "system" or permission in self.permissions

    def limit(self, name: str) -> int | None:
        """How far this actor may go by themselves in what `name` limits; None when there is no limit."""
        return None if self.kind == "system" else self.limits.get(name)

    def require(self, permission: str) -> None:
        """Raise `Forbidden` unless this actor holds `permission`."""
        if not self.may(permission):
            raise Forbidden(f"This needs the permission {permission}.", permission=permission)


SYSTEM = Actor(kind="system", id=None, name="system")
"""Fynlo itself: onboarding, sweeps, repairs."""
