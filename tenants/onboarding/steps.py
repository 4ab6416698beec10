"""The steps that bring a merchant to what their file describes. Apps register theirs in `onboarding.py`.

    register(name="staff.employees", order=210, run=create_employees, reads=("staff",))

A step runs inside the merchant's schema in one unit of work, and it must be idempotent: a process that dies
after the commit runs it again. It creates what is missing and updates what differs, and removes nothing.
Orders: the platform's own steps take 0 to 99 and from 900; staff 200, payments 300, pos 400 and up.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fynlo.core.tenancy import TenantLike
from tenants.configuration.problems import Problem
from tenants.configuration.sections import Configuration


class Run(Protocol):
    """What a step does: returns counts to print, such as `{"created": 3, "kept": 1}`, or None."""

    def __call__(
        self, *, tenant: TenantLike, config: Configuration, at: dt.datetime
    ) -> Mapping[str, int] | None: ...


Check = Callable[[Configuration], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Step:
    """One registered step.

    `reads` are the parts of the document it depends on (`"pos.catalog"`; empty: all of it): it runs again only
    when one of them, or a file named there, has changed, or when `version` is counted up. `check` looks at
    what no schema can see (the rows of a catalogue) before anything is changed.
    """

    name: str
    order: int
    run: Run
    reads: tuple[str, ...] = ()
    check: Check | None = None
    version: int = 1


_registered: dict[str, Step] = {}


def register(
    *,
    name: str,
    order: int,
    run: Any,
    reads: tuple[str, ...] = (),
    check: Check | None = None,
    version: int = 1,
) -> None:
    """Add a step. Registering the same function again changes nothing; another one under its name is refused."""
    known = _registered.get(name)
    if known is not None and known.run is not run:
        raise ValueError(f"the onboarding step {name!r} is registered twice")
    _registered[name] = Step(name, order, run, reads, check, version)


def registered() -> list[Step]:
    """Every step in the order in which they run."""
    return sorted(_registered.values(), key=lambda step: (step.order, step.name))
