"""Time: UTC instants, and the business date a location counts them to. The clock is read at the edge only."""

import datetime as dt
from zoneinfo import ZoneInfo

MIDNIGHT = dt.time(0, 0)


def now() -> dt.datetime:
    """The current instant, aware, in UTC. Views, tasks and commands read it once and pass it on as `at`."""
    return dt.datetime.now(dt.UTC)


def business_date(*, at: dt.datetime, time_zone: str, cut_off: dt.time = MIDNIGHT) -> dt.date:
    """The trading day `at` belongs to: the local date, or the day before when it is earlier than `cut_off`.

    A bar with `cut_off` 04:00 counts a sale at 01:30 to the evening before. `at` must be aware.
    Raises ValueError for a naive time, ZoneInfoNotFoundError for an unknown zone.
    """
    if at.tzinfo is None:
        raise ValueError("a business date needs an aware time")
    local = at.astimezone(ZoneInfo(time_zone))
    if local.time() < cut_off:
        return local.date() - dt.timedelta(days=1)
    return local.date()


def rfc3339(at: dt.datetime) -> str:
    """`at` in UTC with milliseconds and `Z`, as the API and the feed write it."""
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
