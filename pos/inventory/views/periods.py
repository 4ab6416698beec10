"""Business days that a report is asked for."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import day

LONGEST: Final = dt.timedelta(days=366)


def asked_period(query: Mapping[str, str], *, today: dt.date) -> tuple[dt.date, dt.date]:
    """The days `from` and `to`, both included; without them the seven days up to `today`. At most a year."""
    last = day(query, "to") or today
    first = day(query, "from") or last - dt.timedelta(days=6)
    if first > last:
        raise InvalidQuery.of("from", "period_backwards", "The first day is after the last one.")
    if last - first > LONGEST:
        raise InvalidQuery.of("from", "period_too_long", "At most a year is told at once.")
    return first, last
