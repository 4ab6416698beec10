"""How much processor time processes have used, from /proc: what a request costs whoever shares the machine.

A process that has ended is counted with its parent, once that has waited for it; so a server that makes a process
per connection is its first process, what that has waited for, and whoever is alive.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_REAPED_AFTER_S = 2.0
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    parent: int
    own_s: float
    waited_s: float
    command: str


def seconds_of_postgres() -> float:
    """What the server of this process's `DATABASE_URL` has used: all its processes, those that ended as well."""
    everything = list(_processes())
    master = _postmaster({process.pid: process for process in everything})
    children = sum(process.own_s for process in everything if process.parent == master.pid)
    return master.own_s + master.waited_s + children


def seconds_of_children(*, running: str) -> float:
    """What processes that this one has started, and that are running, have used; `running` is in their command."""
    here = os.getpid()
    return sum(each.own_s for each in _processes() if each.parent == here and running in each.command)


def used(measure: Callable[[], float], call: Callable[[], Any]) -> tuple[float, Any]:
    """What `measure` says that `call` used, and what it returned. What it started has a moment to be waited for."""
    before = measure()
    answer = call()
    time.sleep(_REAPED_AFTER_S)
    return measure() - before, answer


def _postmaster(known: dict[int, _Process]) -> _Process:
    from django.db import connection

    from fynlo.core.tenancy import platform_context

    with platform_context(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    own = known.get(backend)
    parent = own.parent if own else _read(backend).parent
    return known[parent]


def _processes() -> Iterator[_Process]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield _read(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile


def _read(pid: int) -> _Process:
    # The name in brackets may hold anything, so the fields are those after its end.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system, waited_user, waited_system = (int(field) / _TICK for field in fields[11:15])
    command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return _Process(
        pid=pid,
        parent=int(fields[1]),
        own_s=user + system,
        waited_s=waited_user + waited_system,
        command=command,
    )
