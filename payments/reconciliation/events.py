"""What reconciling says to the feed."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PayoutMatched(DomainEvent):
    """A payout was compared with its lines and booked. `entity_id` is the payout; 0 unexplained: all is well."""

    kind: ClassVar[str] = "payout.matched"

    vendor_id: str
    amount_minor: int
    fee_minor: int
    unexplained_minor: int
    currency: str
    arrives_on: dt.date


@dataclass(frozen=True, kw_only=True)
class DisputeOpened(DomainEvent):
    """A cardholder objects to a payment. `entity_id` is the dispute."""

    kind: ClassVar[str] = "payment.dispute_opened"

    order_id: UUID | None
    attempt_id: UUID | None
    amount_minor: int
    currency: str
    reason: str
    due_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class DisputeDue(DomainEvent):
    """The time to send evidence is running out."""

    kind: ClassVar[str] = "payment.dispute_due"

    order_id: UUID | None
    amount_minor: int
    currency: str
    due_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class DisputeDecided(DomainEvent):
    """A dispute is over: `won`, `lost`, or `closed` without a verdict."""

    kind: ClassVar[str] = "payment.dispute_decided"

    order_id: UUID | None
    outcome: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class DifferenceResolved(DomainEvent):
    """Somebody dealt with a difference. `entity_id` is the difference."""

    kind: ClassVar[str] = "reconciliation.difference_resolved"

    what: str
    subject: str
    action: str
    reason: str
    by: str
