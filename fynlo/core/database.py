"""Reading database errors, and running a transaction again when the database asks for it.

Errors are told apart by SQLSTATE and constraint-name prefix, never by text. Serialization failures and
deadlocks (40001, 40P01) are safe to run again, since nothing of the attempt was kept.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connection
from django.db.utils import Error, InterfaceError, OperationalError

R = TypeVar("R")

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
LOCK_NOT_AVAILABLE = "55P03"
UNIQUE_VIOLATION = "23505"
_AGAIN = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED})
# Classes 08 (connection) and 57P (operator intervention: shutdown, crash, starting up), 53 (resources).
_OUTAGE_PREFIXES = ("08", "57P", "53")


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE the server gave with `error`, or None when the connection itself failed."""
    cause = error.__cause__ if isinstance(error, Error) else error
    code: str | None = getattr(cause, "pgcode", None)
    return code


def constraint(error: BaseException) -> str:
    """The name of the violated constraint, or an empty text. Compare by prefix: shards append a suffix."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


def is_outage(error: BaseException) -> bool:
    """Whether `error` means that the database cannot be used right now (not that the query was wrong)."""
    if isinstance(error, InterfaceError):
        return True
    code = sqlstate(error)
    if code is None:
        return isinstance(error, OperationalError)
    return code.startswith(_OUTAGE_PREFIXES)


def run_transaction(function: Callable[[], R], *, attempts: int = 3) -> R:
    """Call `function` (which opens its own transaction) and repeat it when the database asks for that.

    Between attempts a short random pause lets the other transaction finish. Inside an outer transaction it
    runs once, because only the outermost one can be repeated.
    """
    if connection.in_atomic_block:
        return function()
    for attempt in range(1, attempts + 1):
        try:
            return function()
        except OperationalError as error:
            if sqlstate(error) not in _AGAIN or attempt == attempts:
                raise
            time.sleep(random.uniform(0.005, 0.03) * attempt)  # noqa: S311  spreads retries, no secret
    raise AssertionError("unreachable")
