"""Opening hours: local times by day of the week. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from fynlo.core.errors import FieldProblem

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_TIMES: Final = 6
_TIMES: Final = re.compile(
    r"(?P<start>([01][0-9]|2[0-3]):[0-5][0-9])-(?P<end>([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
)

OpeningHours = Mapping[str, Sequence[str]]


def hours_problems(hours: OpeningHours, *, pointer: str = "/opening_hours") -> Iterator[FieldProblem]:
    """What is wrong with opening hours: days, times that cannot be read, that are empty or overlap."""
    for day, times in hours.items():
        where = f"{pointer}/{day}"
        if day not in DAYS:
            yield FieldProblem(where, "unknown_day", f"Days are {', '.join(DAYS)}.")
            continue
        if len(times) > MOST_TIMES:
            yield FieldProblem(where, "too_many", f"A day opens at most {MOST_TIMES} times.")
        yield from _day_problems(times, where)


def _day_problems(times: Sequence[str], where: str) -> Iterator[FieldProblem]:
    last = ""
    for place, text in enumerate(times):
        match = _TIMES.fullmatch(text)
        if match is None:
            yield FieldProblem(f"{where}/{place}", "opening_hours", "Times are written 09:00-18:30.")
            return
        start, end = match["start"], match["end"]
        if start == end:
            yield FieldProblem(f"{where}/{place}", "opening_hours", "A time ends after it begins.")
        if start < last or (end < start and place + 1 < len(times)):
            yield FieldProblem(
                f"{where}/{place}",
                "opening_hours",
                "Times of a day follow each other; the last may pass midnight.",
            )
        last = end
