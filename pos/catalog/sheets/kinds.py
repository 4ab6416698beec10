"""Kinds of cells that say one thing: text, money, numbers, yes or no, colours, times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final

from fynlo.core.money import exponent
from pos.catalog.csv_reading import cells
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.sheets.columns import Kind, Rules
from pos.catalog.sheets.names import Names
from pos.pricing.decimals import plain_decimal

_WHOLE: Final = re.compile(r"-?[0-9]{1,9}(?:[.,]0{1,3})?")
_GROUP_LIKE: Final = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_LOCAL: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?))?")


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """A text in its clean form."""

    longest: int
    needed: bool = False
    lines: bool = False
    if_empty: str | None = ""

    says: ClassVar[str] = "text"

    def read(self, text: str, rules: Rules) -> Any:
        """Normal form C, runs of white space as one space."""
        del rules
        clean = cells.read_text(text, longest=self.longest, needed=self.needed, keep_lines=self.lines)
        return clean or self.if_empty


@dataclass(frozen=True, slots=True)
class Money(Kind):
    """An amount in the merchant's currency; `signed` ones may take off, optional ones may be left empty."""

    needed: bool = True
    signed: bool = False
    if_empty: int | None = None

    says: ClassVar[str] = "an amount in the merchant's currency"
    is_number: ClassVar[bool] = True
    is_decimal: ClassVar[bool] = True

    def read(self, text: str, rules: Rules) -> int | None:
        """Minor units."""
        if not text.strip() and not self.needed:
            return self.if_empty
        takes_off = self.signed and text.strip().startswith(("-", "−"))
        if takes_off:
            text = type(text)(text.strip()[1:])
        minor = cells.read_price(text, currency=rules.currency, mark=rules.decimal_mark)
        return -minor if takes_off else minor

    def write(self, value: int | None, names: Names) -> str:
        """Major units with all their decimals."""
        return "" if value is None else amount(value, names.currency)


def amount(minor: int, currency: str) -> str:
    """`1249.50`: an amount as files write it."""
    places = exponent(currency)
    return f"{Decimal(minor).scaleb(-places):.{places}f}"


@dataclass(frozen=True, slots=True)
class Quantity(Kind):
    """A positive number of at most six places, as text."""

    if_empty: str | None = "1"

    says: ClassVar[str] = "a number"
    is_number: ClassVar[bool] = True
    is_decimal: ClassVar[bool] = True

    def read(self, text: str, rules: Rules) -> str | None:
        """The plain decimal."""
        value = cells.read_stock(text, mark=rules.decimal_mark)
        if value is None:
            return self.if_empty
        if value <= 0:
            raise CellInvalid("is not above zero")
        return plain_decimal(value)

    def write(self, value: str | None, names: Names) -> str:
        """The number, in a form that cannot be taken for thousands."""
        del names
        return "" if value is None else unmistakable(value)


def unmistakable(number: str) -> str:
    """`2.125` as `2.1250`: three digits behind a point could be a group of thousands."""
    return f"{number}0" if _GROUP_LIKE.fullmatch(number) else number


@dataclass(frozen=True, slots=True)
class Stock(Kind):
    """A quantity on hand. Not part of the catalogue, so it is never written."""

    says: ClassVar[str] = "a number"
    is_number: ClassVar[bool] = True
    is_decimal: ClassVar[bool] = True

    def read(self, text: str, rules: Rules) -> Decimal | None:
        """The quantity, None where nothing is said."""
        return cells.read_stock(text, mark=rules.decimal_mark)


@dataclass(frozen=True, slots=True)
class Share(Kind):
    """A share from 0 to `most`: `7 %`, `7%` or `0.07`."""

    most: int = 1

    says: ClassVar[str] = "a share: `7 %` or `0.07`"
    is_number: ClassVar[bool] = True
    is_decimal: ClassVar[bool] = True

    def read(self, text: str, rules: Rules) -> str | None:
        """The plain decimal, None where nothing is said."""
        stripped = text.strip()
        if not stripped:
            return None
        percent = stripped.endswith("%")
        if percent:
            value = (
                cells.read_number(stripped[:-1].strip(), mark=rules.decimal_mark, if_unclear="decimal") / 100
            )
        else:
            value = cells.read_number(text, mark=rules.decimal_mark, if_unclear="decimal")
        if value > self.most:
            raise CellInvalid(f"is more than {self.most}; write 7 % or 0.07")
        if value.scaleb(cells.STOCK_PLACES) % 1:
            raise CellInvalid(f"has more than {cells.STOCK_PLACES} decimal places")
        return plain_decimal(value)


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number between two others."""

    least: int = 0
    most: int = 1_000_000
    if_empty: int | None = 0

    says: ClassVar[str] = "a whole number"
    is_number: ClassVar[bool] = True

    def read(self, text: str, rules: Rules) -> int | None:
        """The number."""
        del rules
        stripped = text.strip()
        if not stripped:
            return self.if_empty
        if not _WHOLE.fullmatch(stripped):
            raise CellInvalid("is not a whole number")
        value = int(re.split("[.,]", stripped)[0])
        if not self.least <= value <= self.most:
            raise CellInvalid(f"is not between {self.least} and {self.most}")
        return value


@dataclass(frozen=True, slots=True)
class YesNo(Kind):
    """Yes or no; what an empty cell says is told by `if_empty` (None: nothing)."""

    if_empty: bool | None = True

    says: ClassVar[str] = "`yes` or `no`"

    def read(self, text: str, rules: Rules) -> bool | None:
        """The answer."""
        del rules
        return self.if_empty if not text.strip() else cells.read_yes(text)

    def write(self, value: bool | None, names: Names) -> str:
        """In English."""
        del names
        return "" if value is None else "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of a few words."""

    words: Sequence[str]
    if_empty: str | None = None

    says: ClassVar[str] = "one word of a list"

    def read(self, text: str, rules: Rules) -> str | None:
        """The word."""
        del rules
        word = text.strip().casefold().replace(" ", "_")
        if not word and self.if_empty is not None:
            return self.if_empty
        if word not in self.words:
            raise CellInvalid(f"is none of {', '.join(self.words)}")
        return word


@dataclass(frozen=True, slots=True)
class Unit(Kind):
    """A unit that prices are for."""

    says: ClassVar[str] = "`each` (if empty), `kg`, `g`, `l`, `ml`, `m`"

    def read(self, text: str, rules: Rules) -> str:
        """The unit's code."""
        del rules
        return cells.read_unit(text)


@dataclass(frozen=True, slots=True)
class Color(Kind):
    """A colour."""

    says: ClassVar[str] = "a colour: `#a1b2c3`"

    def read(self, text: str, rules: Rules) -> str:
        """Small letters; an empty text for none."""
        del rules
        if text.strip() and not _COLOR.fullmatch(text.strip()):
            raise CellInvalid("is no colour; write it as #a1b2c3")
        return text.strip().lower()


@dataclass(frozen=True, slots=True)
class LocalTime(Kind):
    """A time on the wall clock of the location."""

    says: ClassVar[str] = "a local time: `2026-12-24 18:00`"

    def read(self, text: str, rules: Rules) -> str | None:
        """`YYYY-MM-DDTHH:MM`, with seconds where they are said."""
        del rules
        return local_time(text) if text.strip() else None


def local_time(text: str) -> str:
    """A local time in its one spelling; raises `CellInvalid`."""
    match = _LOCAL.fullmatch(text.strip())
    if match is None:
        raise CellInvalid("is no local time; write it as 2026-12-24 18:00")
    day, time = match[1], match[2] or "00:00"
    year, month, date = (int(part) for part in day.split("-"))
    hour, minute, *second = (int(part) for part in time.split(":"))
    if not _exists(year, month, date) or not (hour <= 23 and minute <= 59 and all(s <= 59 for s in second)):  # noqa: PLR2004
        raise CellInvalid("is a time that no calendar has")
    return f"{day}T{time.removesuffix(':00') if len(time) > len('00:00') else time}"


def _exists(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= len(days) and 1 <= day <= days[month - 1]


@dataclass(frozen=True, slots=True)
class TaxCode(Kind):
    """The code of a tax class."""

    needed: bool = True

    says: ClassVar[str] = "the code of a tax class"

    def read(self, text: str, rules: Rules) -> str | None:
        """The code, which the merchant must have if that is known already."""
        if not text.strip() and not self.needed:
            return None
        if rules.tax_classes is None:
            return cells.read_text(text, longest=20, needed=True)
        return cells.read_tax_class(text, known=rules.tax_classes)

    def resolve(self, value: str | None, names: Names) -> str | None:
        """The code; raises `CellInvalid` if there is no such class."""
        if value is not None and value not in names.tax_classes.words.values():
            return cells.read_tax_class(value, known=list(names.tax_classes.words.values()))
        return value
