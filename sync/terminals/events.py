"""Facts about devices. After each of them the merchant's sockets ask again whether they may listen."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True)
class TerminalPaired(DomainEvent):
    """A device was paired with a register; `replaces` is its installation before, which is revoked by it."""

    kind: ClassVar[str] = "terminal.paired"

    name: str
    register_id: uuid.UUID
    epoch: int
    replaces: uuid.UUID | None


@dataclass(frozen=True)
class TerminalRevoked(DomainEvent):
    """A device may do nothing any more."""

    kind: ClassVar[str] = "terminal.revoked"

    register_id: uuid.UUID
