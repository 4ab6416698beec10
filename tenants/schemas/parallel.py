"""Calling one function many times, in this process or in several. Threads would share Django's caches."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

R = TypeVar("R")
FEWEST_CALLS = 8  # a process takes seconds to start, a schema a fraction of one to migrate
_ADDRESS = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


def run_each(
    function: Callable[..., R],
    calls: Sequence[tuple[Any, ...]],
    *,
    jobs: int,
    lost: Callable[..., R],
) -> Iterator[R]:
    """The result of `function(*call)` for every call, as they come in.

    With one job or few calls everything runs here. Otherwise `jobs` fresh processes do it; where one of them
    dies, `lost(*call)` stands in for the results that will never come.
    """
    if jobs <= 1 or len(calls) < FEWEST_CALLS:
        for call in calls:
            yield function(*call)
        return
    from django.db import connection

    with ProcessPoolExecutor(
        max_workers=min(jobs, len(calls)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=({name: connection.settings_dict[name] for name in _ADDRESS},),
    ) as pool:
        futures = {pool.submit(function, *call): call for call in calls}
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                yield lost(*futures[future])


def _start(address: dict[str, Any]) -> None:
    """Set Django up in a fresh process and point it at the parent's database, with the parent's rights."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict.update(address)
