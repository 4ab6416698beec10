"""What house accounts, gift cards and store credit say to the feed."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True, kw_only=True)
class HouseAccountChanged(DomainEvent):
    """A house account was opened or changed, or what it owes did. `entity_id` is the account."""

    kind: ClassVar[str] = "house_account.changed"

    change: str
    account: dict[str, Any]
    changed_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class HouseAccountPaid(DomainEvent):
    """Somebody paid what they owed, or a part of it. `entity_id` is the payment."""

    kind: ClassVar[str] = "house_account.paid"

    payment: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class StoredValueChanged(DomainEvent):
    """Something happened to a gift card or a store credit (`change` is its kind). `entity_id` is the account."""

    kind: ClassVar[str] = "stored_value.changed"

    change: str
    amount_minor: int
    account: dict[str, Any]
