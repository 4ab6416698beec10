"""From the headers of a request to the one who acts: a paired device, or an employee signed in on it.

    Authorization: Bearer fyd_…        the device
    Staff-Session: fys_…               beside it, when somebody is signed in

Whatever is wrong with either, the answer is the same 401 after the same work: every token given is hashed and
looked up once, in the schema of the merchant whose host was asked. So a token of another merchant is simply not
found, and no answer tells a wrong token from an old, revoked or foreign one (traps 20 and 25).
"""

import datetime as dt
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.observability import context
from staff.access import authentication as staff
from staff.employees.limits import CASHIER, limits_in_force
from staff.employees.roles import DEVICE_PERMISSIONS
from sync.terminals import queries
from sync.terminals.models import Terminal
from sync.terminals.services import keep_alive

_SCHEME = "bearer"


class TerminalAuthentication(BaseAuthentication):
    """REST framework's hook; `request.user` and `request.auth` are the `Actor`."""

    def authenticate(self, request: Request) -> tuple[Any, Actor]:
        """The actor behind the request; raises `AuthenticationFailed`, also when there are no headers."""
        at = clock.now()
        terminal = queries.terminal_by_token(token=_bearer(request))
        actor = device_actor(terminal, at=at)
        session = request.headers.get(staff.HEADER)
        if session is not None:
            actor = staff.employee_at(device=actor, token=session, at=at)
        if actor is None or terminal is None:
            raise AuthenticationFailed
        keep_alive(terminal=terminal, at=at)
        context.bind(device=actor.device_id, employee=actor.employee_id)
        return actor, actor

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401 (`WWW-Authenticate`)."""
        del request
        return "Bearer"


def device_actor(terminal: Terminal | None, *, at: dt.datetime) -> Actor | None:
    """The device as one who acts; None when there is none or its token may not be used at `at`.

    Alone it may go as far as the merchant's cashiers, which `terminal_by_token` reads along.
    """
    if terminal is None or not queries.is_paired(terminal, at=at):
        return None
    return Actor(
        kind="device",
        id=terminal.pk,
        name=terminal.name,
        device_id=terminal.pk,
        register_id=terminal.register_id,
        location_id=terminal.register.location_id,
        permissions=DEVICE_PERMISSIONS,
        limits=limits_in_force(role_code=CASHIER, stated=getattr(terminal, "cashier_limits", None) or {}),
    )


def _bearer(request: Request) -> str:
    """The token given, or an empty text, which nobody has."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == _SCHEME else ""
