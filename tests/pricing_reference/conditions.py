"""When: does a condition of the book hold in a context?"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from tests.pricing_reference.book import Json

ONE_OF = {
    "channels": "channel",
    "locations": "location_id",
    "customer_groups": "customer_group",
    "order_types": "order_type",
    "destinations": "destination",
}


def holds(when: Json, context: Json) -> bool:
    """Every member that is present must hold."""
    return all(
        member_holds(name, wanted, when, context) for name, wanted in when.items() if wanted is not None
    )


def member_holds(name: str, wanted: Any, when: Json, context: Json) -> bool:
    """One member of a condition; what the context does not say does not hold."""
    at = datetime.fromisoformat(context["at"])
    if name in ONE_OF:
        held = context.get(ONE_OF[name])
        return held is not None and held in wanted
    members: dict[str, Callable[[], bool]] = {
        "starts_at": lambda: datetime.fromisoformat(wanted) <= at,
        "ends_at": lambda: at < datetime.fromisoformat(wanted),
        "weekdays": lambda: when.get("times") is not None or at.isoweekday() in wanted,
        "times": lambda: any(window_holds(window, when.get("weekdays"), at) for window in wanted),
        "exempt": lambda: context.get("exempt", False) is wanted,
        "min_covers": lambda: context.get("covers", 0) >= wanted,
        "coupons": lambda: any(code in wanted for code in context.get("coupons", [])),
    }
    return members[name]()


def window_holds(window: list[str], weekdays: list[int] | None, at: datetime) -> bool:
    """Try the window that began today and the one that began yesterday, as spans of real dates."""
    begin, end = time.fromisoformat(window[0]), time.fromisoformat(window[1])
    for days_ago in (0, 1):
        day = at.date() - timedelta(days=days_ago)
        begins = datetime.combine(day, begin)
        ends = datetime.combine(day, end)
        if ends <= begins:
            ends += timedelta(days=1)
        if begins <= at < ends and (weekdays is None or day.isoweekday() in weekdays):
            return True
    return False
