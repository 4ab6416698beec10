"""What the file of a day says, in the shopkeeper's words, as times and amounts; and the arithmetic of its page."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

FOLDER: Final = Path(__file__).parents[3] / "docs" / "examples" / "grocer"
_SUM: Final = re.compile(r" {4}(.{14})([\d.]+(?: [+−×/] [\d.]+)*) ([=≈]) (−?[\d.]+)")
_PRICED: Final = re.compile(r"([\d.]+) at (\d+)")


@dataclass(frozen=True, kw_only=True)
class Day:
    """A merchant's day. All scalars of `said` are texts, so that no quantity was ever a float."""

    said: dict[str, Any]
    zone: ZoneInfo

    @property
    def date(self) -> dt.date:
        """Which day."""
        return dt.date.fromisoformat(self.said["date"])

    def moment(self, clock: str) -> dt.datetime:
        """`08:30` by the clock on the merchant's wall."""
        local = dt.datetime.combine(self.date, dt.time.fromisoformat(clock), self.zone)
        return local.astimezone(dt.UTC)


def read_day() -> Day:
    """The grocer's day."""
    text = (FOLDER / "day.yaml").read_text("utf-8")
    merchant = yaml.safe_load((FOLDER / "merchant.yaml").read_text("utf-8"))["merchant"]
    said = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  it makes texts only
    return Day(said=said, zone=ZoneInfo(merchant["time_zone"]))


def page() -> str:
    """The day as it is told and worked out."""
    return (FOLDER / "day.md").read_text("utf-8")


def priced(text: str) -> tuple[str, str]:
    """`20 at 120`: how many, and what one costs."""
    found = _PRICED.fullmatch(text)
    assert found, text
    return found[1], found[2]


def sums(text: str) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Every line of arithmetic: the line, what its left side comes to, and what the page says it does.

    After ≈ stands the left side rounded half up to a whole penny, after = the very same number (of which a weight
    may have been cut at six places).
    """
    for line in text.splitlines():
        if not line.startswith("    "):
            continue
        found = _SUM.fullmatch(line)
        assert found, line
        _, left, sign, right = found.groups()
        value, said = _worked_out(left), Fraction(right.replace("−", "-"))
        if sign == "≈":
            value = Fraction(floor(value + Fraction(1, 2)))
        elif "." in right:
            value = round(value, 6)
        yield line, value, said


def _worked_out(text: str) -> Fraction:
    """Products and quotients first, from left to right, then sums."""
    total = Fraction(0)
    for sign, term in re.findall(r"(^|[+−] )([^+−]+)", text):
        first, *rest = re.findall(r"[\d.]+", term)
        value = Fraction(first)
        for operator, number in zip(re.findall(r"[×/]", term), rest, strict=True):
            value = value * Fraction(number) if operator == "×" else value / Fraction(number)
        total += -value if sign.startswith("−") else value
    return total
