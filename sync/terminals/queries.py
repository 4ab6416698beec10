"""Reads about devices."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet, Subquery

from fynlo.core.errors import NotFound
from staff.access.tokens import token_hash
from staff.employees.limits import CASHIER
from staff.employees.models import Role
from sync.terminals.models import Terminal


def terminals() -> QuerySet[Any]:
    """Every device that was ever paired, with its register and location; `paginate` orders them."""
    found: QuerySet[Any] = Terminal.objects.select_related("register__location")
    return found


def terminal(*, terminal_id: uuid.UUID) -> Terminal:
    """The device with this id; raises `NotFound`."""
    found: Terminal | None = terminals().filter(pk=terminal_id).first()
    if found is None:
        raise NotFound("There is no such device.")
    return found


def terminal_by_token(*, token: str) -> Terminal | None:
    """The device with this token, in this merchant's schema: always one statement, whatever the token.

    `cashier_limits` is what the merchant stated as limits of cashiers: a device alone has those.
    """
    limits = Subquery(Role.objects.filter(code=CASHIER).values("limits")[:1])
    found: Terminal | None = (
        terminals().annotate(cashier_limits=limits).filter(token_hash=token_hash(token)).first()
    )
    return found


def is_paired(device: Terminal, *, at: dt.datetime) -> bool:
    """Whether the device's token may be used at `at`."""
    return device.revoked_at is None and at < device.token_expires_at
