"""What gateways say to the feed. No secret, no card number and no link a guest pays by is in it."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True, kw_only=True)
class AttemptChanged(DomainEvent):
    """An attempt to take money came a step further. `entity_id` is the attempt."""

    kind: ClassVar[str] = "payment.attempt_changed"

    attempt: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(DomainEvent):
    """Money was taken. `entity_id` is the attempt, and the payment it becomes."""

    kind: ClassVar[str] = "payment.captured"

    order_id: UUID | None
    purpose: str
    captured_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class RefundFailed(DomainEvent):
    """Money that should go back did not; it is owed to the guest. `entity_id` is the refund at the gateway."""

    kind: ClassVar[str] = "payment.refund_failed"

    attempt_id: UUID
    order_id: UUID | None
    amount_minor: int
    currency: str
    failure_code: str
    failure_text: str


@dataclass(frozen=True, kw_only=True)
class GatewayConnectionLost(DomainEvent):
    """An account at a vendor does not work any more. Said once, until it works again."""

    kind: ClassVar[str] = "connection.lost"

    gateway: str
    name: str
    reason: str
