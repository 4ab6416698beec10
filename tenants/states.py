"""A merchant's life, and what each state allows: decided here and nowhere else.

    provisioning → trial → active ⇄ past_due → read_only → closed

Suspension is apart from the state (somebody decided it, and it is lifted again without a trace in the
merchant's life).
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from fynlo.core.errors import DomainError, Forbidden, Unavailable
from fynlo.core.states import Transitions

PROVISIONING = "provisioning"
TRIAL = "trial"
ACTIVE = "active"
PAST_DUE = "past_due"
READ_ONLY = "read_only"
CLOSED = "closed"

STATES = Transitions(
    "tenant",
    {
        (PROVISIONING, "start_trial"): TRIAL,
        (PROVISIONING, "activate"): ACTIVE,
        (TRIAL, "activate"): ACTIVE,
        (TRIAL, "restrict"): READ_ONLY,
        (ACTIVE, "miss_payment"): PAST_DUE,
        (ACTIVE, "restrict"): READ_ONLY,
        (PAST_DUE, "activate"): ACTIVE,
        (PAST_DUE, "restrict"): READ_ONLY,
        (READ_ONLY, "activate"): ACTIVE,
        (TRIAL, "close"): CLOSED,
        (ACTIVE, "close"): CLOSED,
        (PAST_DUE, "close"): CLOSED,
        (READ_ONLY, "close"): CLOSED,
    },
)

LIVE: frozenset[str] = frozenset({TRIAL, ACTIVE, PAST_DUE, READ_ONLY})
"""States in which the merchant's readers and background work run."""


class TenantSuspended(Forbidden):
    """The platform has suspended this merchant."""

    code: ClassVar[str] = "tenant_suspended"
    title: ClassVar[str] = "This merchant is suspended"


class TenantClosed(Forbidden):
    """The merchant's account is closed."""

    code: ClassVar[str] = "tenant_closed"
    title: ClassVar[str] = "This merchant is closed"


class TenantReadOnly(Forbidden):
    """The merchant may look and finish, but not start anything new."""

    code: ClassVar[str] = "tenant_read_only"
    title: ClassVar[str] = "This merchant can only read"


class TenantProvisioning(Unavailable):
    """Onboarding has not finished yet."""

    code: ClassVar[str] = "tenant_provisioning"
    title: ClassVar[str] = "This merchant is still being set up"


class _Admitted(Protocol):
    @property
    def state(self) -> str: ...
    @property
    def is_suspended(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Request:
    """What admission needs to know of a request: does it write, is it a way to finish the day, and is it about
    money that guests gave or are to get back? That one goes on while the merchant is suspended.
    """

    writes: bool
    finishes: bool = False
    for_guests: bool = False


READING = Request(writes=False)


def refusal(tenant: _Admitted, request: Request) -> DomainError | None:
    """The error with which `tenant`'s request is refused, or None when it may go on.

    A read-only merchant can still do what finishes a day (close a drawer): views say so themselves with
    `allowed_when_read_only`.
    """
    if tenant.is_suspended and not request.for_guests:
        return TenantSuspended()
    if tenant.state == CLOSED:
        return TenantClosed()
    if tenant.state == PROVISIONING:
        return TenantProvisioning(retry_after=5)
    if tenant.state == READ_ONLY and request.writes and not request.finishes:
        return TenantReadOnly()
    return None
