"""Facts about the chart of accounts."""

from dataclasses import dataclass
from typing import ClassVar

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True)
class AccountChanged(DomainEvent):
    """An account was made or changed: its name, the accountant's number, what is booked there."""

    kind: ClassVar[str] = "account.changed"

    code: str
    number: str
    name: str
    posting_keys: tuple[str, ...]
    is_active: bool
