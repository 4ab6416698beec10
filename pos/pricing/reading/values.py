"""The single values of pricing documents: text, whole numbers, decimals as text, times without a zone."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from fynlo.core.money import MAX_MINOR
from pos.pricing import limits
from pos.pricing.errors import InvalidValue, NumberOutOfRange, WrongType

MAX_SHORT: Final = 100
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_DECIMAL: Final = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,24})?", re.ASCII)
_LOCAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}", re.ASCII)


def text(value: Any, pointer: str) -> str:
    """A string."""
    if not isinstance(value, str):
        raise WrongType("text is expected", pointer=pointer)
    return value


def short_text(value: Any, pointer: str) -> str:
    """What somebody can see and type: 1 to 100 characters, not all blank, no control or format characters."""
    if not text(value, pointer).strip() or len(value) > MAX_SHORT:
        raise InvalidValue(f"a text of 1 to {MAX_SHORT} characters is expected", pointer=pointer)
    if any(unicodedata.category(char) in _UNSEEN for char in value):
        raise InvalidValue("a text without control or format characters is expected", pointer=pointer)
    return str(value)


def identifier(value: Any, pointer: str) -> str:
    """A string that names something: not empty."""
    if not text(value, pointer):
        raise InvalidValue("an id is not empty", pointer=pointer)
    return str(value)


def flag(value: Any, pointer: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise WrongType("true or false is expected", pointer=pointer)
    return value


def whole(value: Any, pointer: str) -> int:
    """A whole number: no fraction, no text, no boolean."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongType("a whole number is expected", pointer=pointer)
    return value


def whole_within(low: int, high: int) -> Callable[[Any, str], int]:
    """A reader of whole numbers from `low` to `high`."""

    def read(value: Any, pointer: str) -> int:
        if not low <= whole(value, pointer) <= high:
            raise NumberOutOfRange(f"a number from {low} to {high} is expected", pointer=pointer)
        return int(value)

    return read


def decimal(value: Any, pointer: str) -> Fraction:
    """A decimal number as text: `"0.19"`. No exponent, no sign but minus."""
    if not isinstance(value, str):
        raise WrongType("a decimal number as text is expected", pointer=pointer)
    if not _DECIMAL.fullmatch(value):
        raise InvalidValue(f"{value[:40]!r} is not a decimal number", pointer=pointer)
    return Fraction(value)


def quantity(value: Any, pointer: str) -> Fraction:
    """A quantity: above 0, at most a million, six decimal places."""
    number = decimal(value, pointer)
    limits.check_quantity(quantity=number, pointer=pointer)
    return number


def percent(value: Any, pointer: str) -> Fraction:
    """A share from 0 to 1, six decimal places."""
    number = decimal(value, pointer)
    limits.check_percent(percent=number, pointer=pointer)
    return number


def rate(value: Any, pointer: str) -> Fraction:
    """A tax rate from 0 to below 10, six decimal places."""
    number = decimal(value, pointer)
    limits.check_rate(rate=number, pointer=pointer)
    return number


def price(value: Any, pointer: str) -> int:
    """A price in minor units, from 0 on."""
    limits.check_price(price=whole(value, pointer), pointer=pointer)
    return int(value)


def signed_price(value: Any, pointer: str) -> int:
    """A price in minor units that may be below 0: a modifier that leaves something out."""
    limits.check_price(price=abs(whole(value, pointer)), pointer=pointer)
    return int(value)


def discount(value: Any, pointer: str) -> int:
    """An amount somebody gets off, in minor units, from 0 on."""
    limits.check_discount(amount_minor=whole(value, pointer), pointer=pointer)
    return int(value)


def local(value: Any, pointer: str) -> dt.datetime:
    """A wall-clock time `YYYY-MM-DDTHH:MM[:SS]` without a zone."""
    if not _LOCAL.fullmatch(text(value, pointer)):
        raise InvalidValue("a local time YYYY-MM-DDTHH:MM[:SS] is expected", pointer=pointer)
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        raise InvalidValue(f"there is no time {value!r}", pointer=pointer) from None


def time_of_day(value: Any, pointer: str) -> dt.time:
    """A time of day `HH:MM`."""
    if not _TIME.fullmatch(text(value, pointer)):
        raise InvalidValue("a time of day HH:MM is expected", pointer=pointer)
    try:
        return dt.time.fromisoformat(value)
    except ValueError:
        raise InvalidValue(f"there is no time {value!r}", pointer=pointer) from None


def word(*words: str) -> Callable[[Any, str], str]:
    """A reader of one of `words`."""

    def read(value: Any, pointer: str) -> str:
        if text(value, pointer) not in words:
            raise InvalidValue(f"one of {', '.join(words)} is expected", pointer=pointer)
        return str(value)

    return read


order_type = word("dine_in", "take_away", "pickup", "delivery")

count = whole_within(0, limits.MAX_QUANTITY)
positive_count = whole_within(1, limits.MAX_QUANTITY)
priority = whole_within(-(10**9), 10**9)
amount = whole_within(0, MAX_MINOR)
