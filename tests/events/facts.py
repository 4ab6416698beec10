"""A small fact for tests of the log."""

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantLike, tenant_context
from fynlo.events.log import DomainEvent, append, unit_of_work


@dataclass(frozen=True)
class BellRang(DomainEvent):
    """A bell rang `times` times."""

    kind: ClassVar[str] = "bell.rang"

    times: int
    note: str | None = None

    def data(self) -> dict[str, Any]:
        """How often, and the note if there is one."""
        told: dict[str, Any] = {"times": self.times}
        return told if self.note is None else told | {"note": self.note}


def rang(times: int, *, entity_id: uuid.UUID | None = None) -> BellRang:
    """A ring about a new bell."""
    return BellRang(entity_id=entity_id or new_id(), times=times)


def ring(*times: int) -> None:
    """Append one event for each number, in one unit of work of the current tenant."""
    with unit_of_work():
        for each in times:
            append(rang(each))


def ring_at(tenant: TenantLike, *times: int) -> None:
    """`ring` inside `tenant`."""
    with tenant_context(tenant):
        ring(*times)
