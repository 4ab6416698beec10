"""One at a time across all processes, for work that spans several transactions (migrating, onboarding).

The lock is an advisory transaction lock held by a connection of its own, so it ends with the process, however
that ends. It keeps two operators from confusing each other; correctness rests on constraints and row locks.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import connection

from fynlo.core.errors import Conflict

_TAKE = {False: "pg_advisory_xact_lock", True: "pg_advisory_xact_lock_shared"}
_TRY = {False: "pg_try_advisory_xact_lock", True: "pg_try_advisory_xact_lock_shared"}
# The lock is held, and waited for, as long as the work takes, whatever the role's own limits are.
_TIMEOUTS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


class AlreadyRunning(Conflict):
    """Another process does the same thing right now."""

    code: ClassVar[str] = "already_running"
    title: ClassVar[str] = "Another process is doing this right now"


@contextmanager
def exclusively(*names: str, shared: tuple[str, ...] = (), busy: str) -> Iterator[None]:
    """Hold the locks of these names for the length of a `with`; `shared` ones exclude only exclusive holders.

    Raises `AlreadyRunning` with the sentence `busy` when another process holds one of them.
    """
    with _own_transaction() as cursor:
        for name, is_shared in [(name, False) for name in names] + [(name, True) for name in shared]:
            cursor.execute(f"SELECT {_TRY[is_shared]}(%s)", [_key(name)])
            if not cursor.fetchone()[0]:
                raise AlreadyRunning(busy)
        yield


@contextmanager
def in_turn(name: str, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Like `exclusively`, but waits for the other process; `waiting` is called once if it must."""
    with _own_transaction() as cursor:
        cursor.execute(f"SELECT {_TRY[False]}(%s)", [_key(name)])
        if not cursor.fetchone()[0]:
            waiting()
            cursor.execute(f"SELECT {_TAKE[False]}(%s)", [_key(name)])
        yield


@contextmanager
def _own_transaction() -> Iterator[Any]:
    """A cursor in a transaction of a connection that nobody else uses."""
    own: Any = connection.copy()
    try:
        own.go_to_platform()
        own.ensure_connection()
        own.set_autocommit(False)
        with own.cursor() as cursor:
            for name in _TIMEOUTS:
                cursor.execute("SELECT set_config(%s, '0', true)", [name])
            yield cursor
    finally:
        own.close()


def _key(name: str) -> int:
    """A bigint for the lock table, the same in every process."""
    return int.from_bytes(hashlib.sha256(f"fynlo {name}".encode()).digest()[:8], "big", signed=True)
