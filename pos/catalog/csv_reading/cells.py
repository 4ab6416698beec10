"""One cell each: from what stands in the file to a value, or a reason why not."""

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal
from difflib import get_close_matches
from typing import Self

from fynlo.core.money import exponent
from pos.catalog.barcodes import BarcodeInvalid, read_barcode
from pos.catalog.csv_reading.numbers import NumberInvalid, read_decimal
from pos.catalog.csv_reading.types import UNITS
from pos.pricing.limits import MAX_QUANTITY, MAX_UNIT_PRICE_MINOR

MAX_CATEGORY_DEPTH = 8
STOCK_PLACES = 6

UNIT_ALIASES = {
    "each": ("", "ea", "pc", "pcs", "piece", "pieces", "st", "stk", "stück", "pièce", "unité"),
    "kg": ("kilo", "kilogram", "kilogramm", "kilogramme", "kgs"),
    "g": ("gram", "gramm", "gramme", "gr"),
    "l": ("litre", "liter", "lt", "ltr"),
    "ml": ("millilitre", "milliliter"),
    "m": ("metre", "meter", "mètre"),
}
_UNITS = {alias: unit for unit in UNITS for alias in (unit, *UNIT_ALIASES[unit])}

YES = frozenset({"yes", "y", "true", "1", "x", "ja", "j", "oui", "o"})
NO = frozenset({"no", "n", "false", "0", "nein", "non"})

SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "Fr.": "CHF"}
_SIGN = r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])|Fr\.|[€£¥₹₩$]"
_WITH_CURRENCY = re.compile(
    rf"(?P<before>{_SIGN})?(?P<number>[^A-Za-z€£¥₹₩$]*[0-9][^A-Za-z€£¥₹₩$]*)(?P<after>{_SIGN})?"
)
_LONGEST_NUMBER = 40
_LONGEST_CODE = 40

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but tab and line ends
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # text direction
    "\ufffd\ud800-\udfff]"
)


class PlainNumber(str):
    """A number as a workbook states it: a point before its decimals, nothing between its digits."""

    __slots__ = ()


class WrongCell(str):  # noqa: SLOT000  a text with slots cannot carry more
    """What stands in a workbook's cell that holds no plain value, and why it cannot be used."""

    reason: str

    def __new__(cls, shown: str, reason: str) -> Self:
        """`shown` is what is told of it."""
        cell = super().__new__(cls, shown or " ")
        cell.reason = reason
        return cell


class CellInvalid(ValueError):
    """A cell that cannot be used; the message says why and what is possible."""


def read_text(text: str, *, longest: int, needed: bool, keep_lines: bool = False) -> str:
    """A text in normal form C, white space runs as one space. A cell like `=1+1` is text like any other."""
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        raise CellInvalid(f"contains the unprintable character U+{ord(forbidden[0]):04X}")
    lines = unicodedata.normalize("NFC", text).splitlines() if keep_lines else [text]
    clean = "\n".join(" ".join(unicodedata.normalize("NFC", line).split()) for line in lines).strip()
    if needed and not clean:
        raise CellInvalid("may not be empty")
    if len(clean) > longest:
        raise CellInvalid(f"has {len(clean)} characters; at most {longest} are possible")
    return clean


def read_category(text: str, *, longest: int) -> tuple[str, ...]:
    """A path of category names from the root: `Drinks > Hot`."""
    path = tuple(read_text(part, longest=longest, needed=False) for part in text.split(">"))
    if not text.strip():
        raise CellInvalid("may not be empty")
    if not all(path):
        raise CellInvalid("a name is missing before or after >")
    if len(path) > MAX_CATEGORY_DEPTH:
        raise CellInvalid(f"has {len(path)} levels; at most {MAX_CATEGORY_DEPTH} are possible")
    return path


def read_price(text: str, *, currency: str, mark: str) -> int:
    """A price in minor units of `currency`, whose own sign or code may stand beside the number."""
    if not text.strip():
        raise CellInvalid("may not be empty")
    number = text if isinstance(text, PlainNumber) else _without_currency(text.strip(), currency=currency)
    places = exponent(currency)
    if_unclear = {0: "grouping", 3: "decimal"}.get(places, "")
    value = read_number(number, mark=mark, if_unclear=if_unclear)
    minor = value.scaleb(places)
    if minor != minor.to_integral_value():
        raise CellInvalid(f"has more decimal places than {currency} ({places})")
    if minor > MAX_UNIT_PRICE_MINOR:
        raise CellInvalid(f"is more than {MAX_UNIT_PRICE_MINOR} minor units")
    return int(minor)


def read_stock(text: str, *, mark: str) -> Decimal | None:
    """A quantity on hand in the item's unit, or None where nothing is said."""
    if not text.strip():
        return None
    value = read_number(text, mark=mark)
    if value.scaleb(STOCK_PLACES) % 1:
        raise CellInvalid(f"has more than {STOCK_PLACES} decimal places")
    if value > MAX_QUANTITY:
        raise CellInvalid(f"is more than {MAX_QUANTITY}")
    return value


def read_code(text: str) -> str:
    """A barcode with a right check digit."""
    try:
        return read_barcode(text.strip())
    except BarcodeInvalid as error:
        raise CellInvalid(f"{text.strip()[:48]}: {error}") from None


def read_number(text: str, *, mark: str, if_unclear: str = "") -> Decimal:
    """A number that is not negative; one that a workbook states needs no guessing."""
    if len(text) > _LONGEST_NUMBER:
        raise CellInvalid("not a number")
    if isinstance(text, PlainNumber):
        value = Decimal(text)
        if value < 0:
            raise CellInvalid("a negative number is not possible here")
        return value
    try:
        return read_decimal(text=text, mark=mark, if_unclear=if_unclear)
    except NumberInvalid as error:
        raise CellInvalid(str(error)) from None


def read_unit(text: str) -> str:
    """The unit a price is for; nothing means pieces."""
    unit = _UNITS.get(text.strip().casefold().rstrip("."))
    if unit is None:
        raise CellInvalid(f"is no known unit; the units are {', '.join(UNITS)}")
    return unit


def read_yes(text: str, *, if_empty: bool = True) -> bool:
    """Yes or no in a few languages."""
    word = text.strip().casefold()
    if not word:
        return if_empty
    if word not in YES | NO:
        raise CellInvalid("is neither yes nor no")
    return word in YES


def read_tax_class(text: str, *, known: Collection[str]) -> str:
    """The code of one of the merchant's tax classes."""
    code = text.strip()
    if code in known:
        return code
    near = get_close_matches(code.casefold()[:_LONGEST_CODE], sorted(known), n=1)
    there_are = ", ".join(sorted(known)) or "none yet"
    hint = f"did you mean {near[0]}?" if near else f"the tax classes are {there_are}"
    raise CellInvalid("may not be empty" if not code else f"is no tax class; {hint}")


def _without_currency(text: str, *, currency: str) -> str:
    match = _WITH_CURRENCY.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if match is None:
        return text
    for sign in filter(None, (match["before"], match["after"])):
        fits = currency.endswith("D") if sign == "$" else SYMBOLS.get(sign, sign.upper()) == currency
        if not fits:
            raise CellInvalid(f"is not in {currency}")
    return match["number"]
