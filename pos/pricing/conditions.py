"""When something applies: conditions as data, and whether they hold in a context.

A time window [from, until) with until ≤ from crosses midnight. Its part after midnight belongs to the
weekday it began on: "Friday 22:00–02:00" holds on Saturday at 01:00, and not on Friday at 01:00.
"""

import datetime as dt
from dataclasses import dataclass

from pos.pricing.types import Context

Window = tuple[dt.time, dt.time]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Conditions: all that are given must hold; a tuple means "one of". Without any it always holds.

    `weekdays` count from 1 = Monday; `ends_at` is exclusive. A condition on something the context does not
    know (None) does not hold.
    """

    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    weekdays: tuple[int, ...] | None = None
    times: tuple[Window, ...] | None = None
    channels: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None
    customer_groups: tuple[str, ...] | None = None
    order_types: tuple[str, ...] | None = None
    destinations: tuple[str, ...] | None = None
    exempt: bool | None = None
    min_covers: int | None = None
    coupons: tuple[str, ...] | None = None


ALWAYS = When()


def holds(*, when: When, context: Context) -> bool:
    """Whether every condition of `when` holds in `context`."""
    return when is ALWAYS or (_fits_customer(when, context) and _fits_time(when, context.at))


def _fits_customer(when: When, context: Context) -> bool:
    return (
        (when.channels is None or context.channel in when.channels)
        and (when.locations is None or context.location_id in when.locations)
        and (when.customer_groups is None or context.customer_group in when.customer_groups)
        and (when.order_types is None or context.order_type in when.order_types)
        and (when.destinations is None or context.destination in when.destinations)
        and (when.exempt is None or context.exempt is when.exempt)
        and (when.min_covers is None or context.covers >= when.min_covers)
        and (when.coupons is None or not context.coupons.isdisjoint(when.coupons))
    )


def _fits_time(when: When, at: dt.datetime) -> bool:
    if when.starts_at is not None and at < when.starts_at:
        return False
    if when.ends_at is not None and at >= when.ends_at:
        return False
    if when.times is None:
        return when.weekdays is None or at.isoweekday() in when.weekdays
    return any(_in_window(window, at, when.weekdays) for window in when.times)


def _in_window(window: Window, at: dt.datetime, weekdays: tuple[int, ...] | None) -> bool:
    start, end = window
    now, today = at.time(), at.isoweekday()
    if start < end:
        return start <= now < end and (weekdays is None or today in weekdays)
    if now >= start:
        return weekdays is None or today in weekdays
    yesterday = 7 if today == 1 else today - 1
    return now < end and (weekdays is None or yesterday in weekdays)
