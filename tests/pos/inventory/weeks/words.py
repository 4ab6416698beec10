"""What a week's file says, in the shopkeeper's words, as numbers and times."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

EXAMPLES: Final = Path(__file__).parents[4] / "docs" / "examples"
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PRICED: Final = re.compile(r"([\d.]+)(?: cases of (\d+))? at ([\d.]+)")
_MEASURED: Final = re.compile(r"([\d.]+)(?: (k?g|m?l))?(?: after ([\d.]+) % peel)?")
_MINOR: Final = 100


@dataclass(frozen=True, kw_only=True)
class Priced:
    """So many packs of so many units at a price in minor units."""

    packs: str
    pack_size: str
    pack_price_minor: str

    @property
    def quantity(self) -> str:
        """In the item's unit."""
        return f"{Decimal(self.packs) * Decimal(self.pack_size)}"


@dataclass(frozen=True, kw_only=True)
class Week:
    """A merchant's week. All scalars are texts, so that no quantity was ever a float."""

    name: str
    said: dict[str, Any]

    @property
    def file(self) -> Path:
        """What the merchant is onboarded from."""
        return EXAMPLES / self.name / "merchant.yaml"

    @property
    def page(self) -> str:
        """The week as it is told and worked out."""
        return (EXAMPLES / self.name / "week.md").read_text("utf-8")

    @property
    def zone(self) -> ZoneInfo:
        """The merchant's."""
        document = yaml.safe_load(self.file.read_text("utf-8"))
        return ZoneInfo(document["merchant"]["time_zone"])

    def day(self, name: str) -> dt.date:
        """`Mon` of the week; `Sun before` of the one before."""
        weekday, _, before = name.partition(" ")
        monday = dt.date.fromisoformat(self.said["week_of"])
        return monday + dt.timedelta(days=DAYS.index(weekday) - (7 if before else 0))

    def moment(self, text: str) -> dt.datetime:
        """`Mon 08:00`, or `Sun before 18:00`, by the clock on the merchant's wall."""
        name, _, clock = text.rpartition(" ")
        local = dt.datetime.combine(self.day(name), dt.time.fromisoformat(clock), self.zone)
        return local.astimezone(dt.UTC)


def read_week(name: str) -> Week:
    """The week of an example merchant."""
    text = (EXAMPLES / name / "week.yaml").read_text("utf-8")
    return Week(name=name, said=yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506  it makes texts only


def priced(text: str) -> Priced:
    """`60 at 1.50`, or `4 cases of 12 at 48.00`: what a case costs."""
    found = _PRICED.fullmatch(text)
    assert found, text
    packs, size, price = found.groups()
    return Priced(packs=packs, pack_size=size or "1", pack_price_minor=f"{Decimal(price) * _MINOR:f}")


def measured(text: str) -> dict[str, str]:
    """`30 g`, `1`, or `250 g after 20 % peel`, as lines of recipes have it."""
    found = _MEASURED.fullmatch(text)
    assert found, text
    quantity, unit, peel = found.groups()
    said = {"quantity": quantity}
    if unit:
        said["unit"] = unit
    if peel:
        said["waste_percent"] = peel
    return said
