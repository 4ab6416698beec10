"""What will be sold: velocity, season and the pattern of the week, from what was sold. Pure.

Worked figures are in `docs/algorithms/reorder.md`. Everything is exact (fractions) except the deviation, which is
a square root, taken to six places.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final

WEEK: Final = 7
YEAR_WEEKS: Final = 52
SHORT_COVER_DAYS: Final = 14
"""Up to this many days the pattern of the week matters; over longer ones it evens out."""
WEEKDAY_PRIOR: Final = 4
"""An index of a weekday seen n times counts n / (n + 4); the rest is an ordinary day."""
SEASON_PRIOR: Final = 20
"""An index of weeks in which u units were sold counts u / (u + 20); the rest is an ordinary week."""
SEASON_MIN_WEEKS: Final = 26
"""With less of last year than this there is no average to compare with."""

_ONE: Final = Fraction(1)
_MILLIONTH: Final = Decimal("0.000001")
_CONTEXT: Final = Context(prec=40, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandDay:
    """What was sold on a day, less what came back. Not `had_stock`: there was none all day, so it says nothing."""

    date: dt.date
    units: Decimal
    had_stock: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandHistory:
    """What is known of a variant at a location.

    `days` are those of the window, which ends yesterday, from the first movement on. `year` are the units of 52
    weeks that end where the window begins; so its first `window_weeks` weeks are the window's own a year ago, and
    those after them are the coming ones. A week is None in which nothing could be sold.
    """

    days: tuple[DemandDay, ...]
    year: tuple[Decimal | None, ...] = ()
    window_weeks: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """Units a day over the days with stock."""

    per_day: Fraction
    units: Decimal
    days: int
    days_without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """How the coming weeks compare with those of the window, as last year had it; 1: alike, or not known."""

    factor: Fraction
    coming: Fraction
    window: Fraction
    weeks_known: int


def velocity(*, days: Sequence[DemandDay]) -> Velocity:
    """Units sold per day with stock; never below 0, though more may have come back than was sold."""
    counted = [day.units for day in days if day.had_stock]
    total = sum(counted, Decimal(0))
    per_day = max(Fraction(0), Fraction(total) / len(counted)) if counted else Fraction(0)
    return Velocity(
        per_day=per_day,
        units=total,
        days=len(counted),
        days_without=len(days) - len(counted),
    )


def season(*, history: DemandHistory, cover_days: int) -> Season:
    """The index of the coming `cover_days` (whole weeks of them) over the index of the window's weeks.

    An index is the average of some weeks of last year over the average of all, shrunk towards 1 by how little
    was sold in them.
    """
    known = [units for units in history.year if units is not None]
    average = Fraction(sum(known, Decimal(0))) / len(known) if known else Fraction(0)
    if len(known) < SEASON_MIN_WEEKS or average <= 0:
        return Season(factor=_ONE, coming=_ONE, window=_ONE, weeks_known=len(known))
    start = history.window_weeks
    weeks = min(-(-cover_days // WEEK), YEAR_WEEKS - start)
    window = _index(history.year[:start], average)
    coming = _index(history.year[start : start + weeks], average)
    factor = coming / window if window > 0 else _ONE
    return Season(factor=factor, coming=coming, window=window, weeks_known=len(known))


def weekday_indexes(*, days: Sequence[DemandDay]) -> tuple[Fraction, ...]:
    """For Monday to Sunday: what is sold on that day over an average day, shrunk towards 1; their mean is 1."""
    per_day = velocity(days=days).per_day
    if per_day <= 0:
        return (_ONE,) * WEEK
    raw = [_weekday(days, weekday, per_day) for weekday in range(WEEK)]
    return tuple(index * WEEK / sum(raw) for index in raw)


def expected(*, per_day: Fraction, indexes: Sequence[Fraction], first: dt.date, days: int) -> Fraction:
    """Units that will be sold on `days` days from `first` on."""
    whole_weeks, rest = divmod(days, WEEK)
    single = sum((indexes[(first.weekday() + day) % WEEK] for day in range(rest)), Fraction(0))
    return per_day * (whole_weeks * sum(indexes) + single)


def deviation(*, days: Sequence[DemandDay], per_day: Fraction, indexes: Sequence[Fraction]) -> Decimal:
    """How much days with stock stray from what their weekday would let expect: the sample deviation (n - 1).

    What a busy Saturday sells more is no accident, so it asks for no safety stock. 0 for fewer than two days.
    """
    strayed = [Fraction(day.units) - per_day * indexes[day.date.weekday()] for day in days if day.had_stock]
    if len(strayed) < 2:  # noqa: PLR2004 -- a deviation needs two
        return Decimal(0)
    variance = sum((each * each for each in strayed), Fraction(0)) / (len(strayed) - 1)
    root = _CONTEXT.sqrt(_CONTEXT.divide(Decimal(variance.numerator), Decimal(variance.denominator)))
    return root.quantize(_MILLIONTH, context=_CONTEXT)


def _weekday(days: Sequence[DemandDay], weekday: int, per_day: Fraction) -> Fraction:
    units = [day.units for day in days if day.had_stock and day.date.weekday() == weekday]
    seen = max(Fraction(0), Fraction(sum(units, Decimal(0))) / per_day)
    return (seen + WEEKDAY_PRIOR) / (len(units) + WEEKDAY_PRIOR)


def _index(weeks: Sequence[Decimal | None], average: Fraction) -> Fraction:
    known = [units for units in weeks if units is not None]
    total = max(Fraction(0), Fraction(sum(known, Decimal(0))))
    if not known:
        return _ONE
    weight = total / (total + SEASON_PRIOR) if total else Fraction(len(known), len(known) + SEASON_PRIOR)
    return _ONE + weight * (total / len(known) / average - _ONE)
