"""What the ways to pay say to the feed."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True, kw_only=True)
class TenderTypeChanged(DomainEvent):
    """A way to pay was set up or changed."""

    kind: ClassVar[str] = "payment.tender_type_changed"

    change: str
    code: str
    name: str
    tender_kind: str
    is_active: bool
    changed_by: UUID | None
