"""Whether a device, or an employee on it, may still follow the feed (`fynlo.realtime.access`, trap 43)."""

from typing import Final

from fynlo.core import clock
from fynlo.core.actors import Actor
from staff.access.queries import is_signed_in
from sync.terminals.models import Terminal

KINDS: Final = frozenset({"device", "employee"})
ON_EVENTS: Final = frozenset(
    {
        "terminal.revoked",
        "employee.changed",
        "employee.credential_changed",
        "employee.signed_out",
    }
)
"""After these every socket of the merchant asks again at once."""


def may_still_listen(actor: Actor) -> bool:
    """Whether the device is still paired and the employee, if the socket is one's, still signed in on it.

    True for an actor who came without a device: others answer for those.
    """
    if actor.kind not in KINDS:
        return True
    if actor.device_id is None:
        return False
    at = clock.now()
    is_paired = Terminal.objects.filter(
        pk=actor.device_id, revoked_at__isnull=True, token_expires_at__gt=at
    ).exists()
    if not is_paired or actor.kind == "device":
        return bool(is_paired)
    return actor.employee_id is not None and is_signed_in(
        employee_id=actor.employee_id, device_id=actor.device_id, at=at
    )
