"""The few threads in which sockets touch the database; each keeps one connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
R = TypeVar("R")

_THREADS = 4
_pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="socket-database")


async def in_database_thread(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `function` in one of the threads; old and broken connections are closed before and after.

    The function places the connection itself (`run_in_tenant`, `platform_context`) and leaves it nowhere.
    """
    call = database_sync_to_async(function, thread_sensitive=False, executor=_pool)
    result: R = await call(*args, **kwargs)
    return result
