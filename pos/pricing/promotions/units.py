"""Units of lines in the order of their value, counted in runs: a million equal units are one run.

There is one order for all rules: from dear to cheap, equal values by the canonical content of their lines. The
cheapest units are the last ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pos.pricing.working import Line


@dataclass(frozen=True, slots=True)
class Run:
    """`count` equal units of a line."""

    line: Line
    count: int


def dear_to_cheap(lines: Iterable[Line], taken: dict[Line, int] | None = None) -> list[Run]:
    """The units of `lines` (in canonical order) that no rule has used and that are not in `taken`."""
    gone = taken or {}
    runs = [Run(line, line.free_units - gone.get(line, 0)) for line in lines]
    return sorted([run for run in runs if run.count > 0], key=lambda run: run.line.value, reverse=True)


def size(runs: Sequence[Run]) -> int:
    """How many units there are."""
    return sum([run.count for run in runs])


def between(runs: Sequence[Run], start: int, end: int) -> dict[Line, int]:
    """How many of the units at places `start` to before `end` each line has."""
    counts: dict[Line, int] = {}
    place = 0
    for run in runs:
        count = min(place + run.count, end) - max(place, start)
        if count > 0:
            counts[run.line] = counts.get(run.line, 0) + count
        place += run.count
        if place >= end:
            break
    return counts


def at_most(wanted: int, most: int | None) -> int:
    """`wanted` applications of a rule, or as many as a promotion allows."""
    return wanted if most is None else min(wanted, most)
