"""Conditions out of JSON."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from pos.pricing.conditions import ALWAYS, When
from pos.pricing.errors import InvalidValue
from pos.pricing.reading.members import Members, Reader, read_list
from pos.pricing.reading.values import flag, local, order_type, short_text, time_of_day, whole_within

Value = TypeVar("Value")


def read_when(value: Any, pointer: str = "") -> When:
    """The conditions of something; members that are null count as left out."""
    members = Members(value, pointer)
    when = When(
        starts_at=members.nullable("starts_at", local),
        ends_at=members.nullable("ends_at", local),
        weekdays=members.nullable("weekdays", _some(whole_within(1, 7))),
        times=members.nullable("times", _some(_window)),
        channels=members.nullable("channels", _some(short_text)),
        locations=members.nullable("locations", _some(short_text)),
        customer_groups=members.nullable("customer_groups", _some(short_text)),
        order_types=members.nullable("order_types", _some(order_type)),
        destinations=members.nullable("destinations", _some(short_text)),
        exempt=members.nullable("exempt", flag),
        min_covers=members.nullable("min_covers", whole_within(0, 1_000_000)),
        coupons=members.nullable("coupons", _some(short_text)),
    )
    members.close()
    return ALWAYS if when == ALWAYS else when


def _some(read: Reader[Value]) -> Callable[[Any, str], tuple[Value, ...]]:
    """A reader of lists: an empty one would never hold, which nobody means."""

    def read_some(value: Any, pointer: str) -> tuple[Value, ...]:
        elements = read_list(value, pointer, read)
        if not elements:
            raise InvalidValue("an empty list never holds; leave the condition out", pointer=pointer)
        return elements

    return read_some


def _window(value: Any, pointer: str) -> tuple[dt.time, dt.time]:
    try:
        start, end = read_list(value, pointer, time_of_day)
    except ValueError:
        raise InvalidValue("a window has two times: from and until", pointer=pointer) from None
    return start, end
