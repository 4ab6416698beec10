"""When a menu is on, by its times alone: whether it is now, and when that changes next. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pos.pricing.conditions import ALWAYS, When, holds
from pos.pricing.types import Context

AHEAD: Final = dt.timedelta(days=8)
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Whether something is on, and the local time of the next change (None: none within eight days)."""

    is_on: bool
    changes_at: dt.datetime | None


def hours(*, when: When, at: dt.datetime) -> Hours:
    """Whether `when` holds at the local time `at` as far as the clock decides, and when that changes next."""
    times = replace(
        ALWAYS, starts_at=when.starts_at, ends_at=when.ends_at, weekdays=when.weekdays, times=when.times
    )
    is_on = _is_on(times, at)
    changes = (each for each in sorted(set(_edges(times, at))) if _is_on(times, each) != is_on)
    return Hours(is_on=is_on, changes_at=next(changes, None))


def _is_on(when: When, at: dt.datetime) -> bool:
    return holds(when=when, context=Context(currency="XXX", at=at))


def _edges(when: When, at: dt.datetime) -> Iterator[dt.datetime]:
    """Every moment after `at` at which something may change."""
    fixed = [moment for moment in (when.starts_at, when.ends_at) if moment is not None]
    clocks = {dt.time(0)} | {clock for window in when.times or () for clock in window}
    days = (at.date() + number * _DAY for number in range(AHEAD.days + 1))
    for moment in (*fixed, *(dt.datetime.combine(day, clock) for day in days for clock in clocks)):
        if at < moment <= at + AHEAD:
            yield moment
