"""The chart of a stock card: level as a stepped line, what came and went as bars, day by day. Pure.

Coordinates are pixels of an SVG of the given size, rounded to a tenth.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

_LEFT: Final = 56
_RIGHT: Final = 12
_TOP: Final = 12
_BOTTOM: Final = 26
_TICKS: Final = 4
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_MOST_DATES: Final = 8

Across = Callable[[dt.date], float]
Down = Callable[[Decimal], float]


@dataclass(frozen=True, slots=True)
class Bar:
    """What came (above zero) or went on a day."""

    x: float
    y: float
    width: float
    height: float
    is_in: bool
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line with its label."""

    place: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything the picture consists of."""

    width: int
    height: int
    line: str
    area: str
    zero: float
    bars: tuple[Bar, ...]
    levels: tuple[Tick, ...]
    dates: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class ChartDay:
    """A day with movements: what came, what went (negative), what was there in the evening."""

    date: dt.date
    came: Decimal
    went: Decimal
    on_hand: Decimal


def level_chart(
    *,
    opening: Decimal,
    days: Sequence[ChartDay],
    since: dt.date,
    until: dt.date,
    width: int = 860,
    height: int = 260,
) -> Chart:
    """The chart of `[since, until)`. Days without movements keep the level of the day before."""
    count = max((until - since).days, 1)
    values = [Decimal(0), opening]
    for day in days:
        values += [day.on_hand, day.came, day.went]
    step, low, high = _scale(min(values), max(values))
    slot = (width - _LEFT - _RIGHT) / count

    def across(day: dt.date) -> float:
        return _LEFT + (day - since).days * slot

    def down(value: Decimal) -> float:
        share = (high - value) / (high - low)
        return round(_TOP + float(share) * (height - _TOP - _BOTTOM), 1)

    zero = down(Decimal(0))
    line = _line(opening, days, across, down, ends=(_LEFT, width - _RIGHT), slot=slot)
    return Chart(
        width=width,
        height=height,
        line=line,
        area=f"{line} V{zero} H{_LEFT} Z",
        zero=zero,
        bars=tuple(_bars(days, across, down, slot=slot, zero=zero)),
        levels=tuple(
            Tick(down(low + step * number), _plain(low + step * number))
            for number in range(int((high - low) / step) + 1)
        ),
        dates=tuple(
            Tick(
                round(across(since + dt.timedelta(days=number)), 1),
                f"{since + dt.timedelta(days=number):%d %b}",
            )
            for number in range(0, count, max(-(-count // _MOST_DATES), 1))
        ),
    )


def _scale(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """A round step, and the multiples of it that hold `low` and `high`; never an empty scale."""
    span = (high - low) or Decimal(1)
    rough = span / _TICKS
    unit = Decimal(1).scaleb(rough.adjusted())
    step = next(unit * factor for factor in _STEPS if unit * factor >= rough)
    bottom = (low / step).to_integral_value(rounding=ROUND_FLOOR) * step
    top = (high / step).to_integral_value(rounding=ROUND_CEILING) * step
    return step, bottom, top if top > bottom else bottom + step


def _line(
    opening: Decimal,
    days: Sequence[ChartDay],
    across: Across,
    down: Down,
    *,
    ends: tuple[int, int],
    slot: float,
) -> str:
    """A path with right angles: the level holds until the middle of the next day that moved it."""
    start, end = ends
    path = [f"M{start} {down(opening)}"]
    for day in days:
        path.append(f"H{round(across(day.date) + slot / 2, 1)} V{down(day.on_hand)}")
    path.append(f"H{end}")
    return " ".join(path)


def _bars(days: Sequence[ChartDay], across: Across, down: Down, *, slot: float, zero: float) -> Iterator[Bar]:
    wide = round(max(min(slot * 0.35, 18.0), 1.0), 1)
    for day in days:
        middle = across(day.date) + slot / 2
        for value, left, is_in in ((day.came, middle - wide, True), (day.went, middle, False)):
            if value:
                end = down(value)
                title = f"{day.date:%d %b %Y}: {'+' if is_in else ''}{_plain(value)}"
                yield Bar(round(left, 1), min(end, zero), wide, round(abs(end - zero), 1), is_in, title)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
