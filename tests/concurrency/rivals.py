"""Callers at the same time, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection, transaction

from fynlo.core.tenancy import TenantLike, run_in_tenant, tenant_context

R = TypeVar("R")


def outcome(call: Callable[[], Any]) -> Any:
    """What `call` returns or raises."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  an outcome like any other
        return error


def at_once(tenant: TenantLike, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of `calls` returns or raises, when all start together inside `tenant`."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        barrier.wait()
        return run_in_tenant(tenant, outcome, call)

    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(_with_own_connection, one, call) for call in calls]
        return [future.result() for future in futures]


def while_held(
    tenant: TenantLike,
    rows: Callable[[], Any],
    calls: Sequence[Callable[[], Any]],
    look: Callable[[], R] | None = None,
) -> tuple[list[Any], R | None]:
    """Start `calls` while `rows()` are locked; once all of them wait, `look`, and let them go.

    Returns what the calls returned or raised, and what `look` saw.
    """
    with ThreadPoolExecutor(len(calls)) as pool, tenant_context(tenant):
        with transaction.atomic(), connection.cursor() as cursor:
            list(rows().select_for_update())
            futures = [
                pool.submit(_with_own_connection, run_in_tenant, tenant, outcome, call) for call in calls
            ]
            until_waiting(cursor, len(calls), futures)
            seen = None if look is None else look()
        return [future.result() for future in futures], seen


def beside(tenant: TenantLike, call: Callable[[], Any], *, waiting: int) -> Future[Any]:
    """Start `call` in a thread of its own and return once `waiting` connections in all wait."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(_with_own_connection, run_in_tenant, tenant, outcome, call)
    pool.shutdown(wait=False)
    with connection.cursor() as cursor:
        until_waiting(cursor, waiting, [future])
    return future


def until_waiting(cursor: Any, count: int, futures: Sequence[Future[Any]]) -> None:
    """Return once `count` connections of this database wait for a lock; one that does not is a failure."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    found = 0
    while found < count:
        done = [future.result() for future in futures if future.done()]
        assert not done, f"somebody did not wait: {done}"
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(waiting)
        (found,) = cursor.fetchone()


def _with_own_connection(call: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return call(*arguments)
    finally:
        connection.close()
