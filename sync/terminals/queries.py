"""Reads about devices."""

import datetime as dt
import uuid
from typing import Any, Final

import orjson
from django.db import connection
from django.db.models import QuerySet

from fynlo.core.errors import NotFound
from pos.registers.models import Register
from staff.access.tokens import token_hash
from staff.employees.limits import CASHIER
from sync.terminals.models import Terminal

_COLUMNS: Final = [column.attname for column in Terminal._meta.concrete_fields]
# Every request asks this; written by hand because the ORM takes longer to word it than the server to answer.
_BY_TOKEN: Final = (
    f"SELECT {', '.join(f'terminal.{column.column}' for column in Terminal._meta.concrete_fields)}, "  # noqa: S608  our own columns
    "register.location_id, (SELECT limits FROM staff_role WHERE code = %s) "
    "FROM sync_terminal AS terminal JOIN pos_register AS register ON register.id = terminal.register_id "
    "WHERE terminal.token_hash = %s"
)


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
    with connection.cursor() as cursor:
        cursor.execute(_BY_TOKEN, [CASHIER, token_hash(token)])
        row = cursor.fetchone()
    if row is None:
        return None
    *columns, location_id, limits = row
    found = Terminal.from_db(connection.alias, _COLUMNS, columns)
    found.register = Register.from_db(
        connection.alias, ("id", "location_id"), (found.register_id, location_id)
    )
    found.cashier_limits = None if limits is None else orjson.loads(limits)  # type: ignore[attr-defined]
    return found


def is_paired(device: Terminal, *, at: dt.datetime) -> bool:
    """Whether the device's token may be used at `at`."""
    return device.revoked_at is None and at < device.token_expires_at
