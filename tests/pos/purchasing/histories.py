"""Histories of sales that are easy to add up by hand. All end the day before a Monday."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pos.purchasing.demand import DemandDay, DemandHistory
from pos.purchasing.forecasting import suggest
from pos.purchasing.reorder_values import Policy, Position, Suggestion, Target, Terms

TODAY = dt.date(2026, 3, 2)
WINDOW = 56


def days_of(
    sold: Callable[[int, dt.date], int], *, without: frozenset[int] = frozenset()
) -> tuple[DemandDay, ...]:
    """Eight weeks; `sold` is asked with the number of the day (0 is the first) and its date."""
    dates = [TODAY - dt.timedelta(days=WINDOW - number) for number in range(WINDOW)]
    return tuple(
        DemandDay(
            date=date,
            units=Decimal(0 if number in without else sold(number, date)),
            had_stock=number not in without,
        )
        for number, date in enumerate(dates)
    )


def steady(_number: int, _date: dt.date) -> int:
    """Two a day."""
    return 2


def by_weekday(_number: int, date: dt.date) -> int:
    """Ten on Mondays to Fridays, forty on Saturdays, none on Sundays."""
    return (10, 10, 10, 10, 10, 40, 0)[date.weekday()]


def up_and_down(number: int, _date: dt.date) -> int:
    """Four on every other day."""
    return 4 * (number % 2)


def summer() -> tuple[Decimal | None, ...]:
    """Half a year is known: the window's weeks sold 10 each, the three coming ones 20, fifteen others 8."""
    weeks = [10] * 8 + [20] * 3 + [8] * 15
    return (*(Decimal(units) for units in weeks), *(None,) * 26)


def asked(sold: Callable[[int, dt.date], int] = steady, **said: Any) -> Suggestion:
    """A suggestion for `sold`; what is not said is the simplest."""
    history = DemandHistory(
        days=days_of(sold, without=said.pop("without", frozenset())), year=said.pop("year", ())
    )
    known: dict[str, Any] = {
        "position": Position(on_hand=Decimal(10)),
        "target": Target(),
        "terms": Terms(lead_time_days=5, pack_size=Decimal(6)),
        "policy": Policy(),
    }
    return suggest(today=TODAY, history=history, **{**known, **said})
