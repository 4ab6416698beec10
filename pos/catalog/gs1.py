"""GS1 element strings: one scan that names article, lot, expiry, weight and price. The only door to biip.

Source: GS1 General Specifications, chapter 3 (application identifiers). Read are 01 (GTIN), 10 (lot), 17 (use by),
15 (best before), 21 (serial), 30 and 37 (count), 310x (net weight in kilograms) and 392x (price in the merchant's
currency); others are passed over. Pure.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from biip import ParseConfig, ParseError
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message

from fynlo.core.money import exponent
from pos.catalog.barcode_patterns import CodeUnreadable

SEPARATOR: Final = "\x1d"
SYMBOLOGIES: Final = ("]C1", "]e0", "]d2", "]Q3")
"""What scanners put before GS1-128, DataBar, DataMatrix and QR codes."""
MAX_LENGTH: Final = 400

_BRACKETS = re.compile(r"\((?:[0-9]{2,4})\)")
_BARE = re.compile(r"01[0-9]{14}(?:[0-9]{2}.+)?")
_CONFIG = ParseConfig(gs1_element_strings_verify_date=True, separator_chars=(SEPARATOR,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gs1Reading:
    """What an element string says. `weight` is in kilograms."""

    gtin: str
    lot: str = ""
    serial: str = ""
    use_by: dt.date | None = None
    best_before: dt.date | None = None
    weight: Decimal | None = None
    amount_minor: int | None = None
    count: int | None = None


def is_gs1(code: str) -> bool:
    """Whether `code` looks like element strings: by its prefix, brackets, separators or a leading 01."""
    return (
        code.startswith(SYMBOLOGIES)
        or SEPARATOR in code
        or bool(_BRACKETS.match(code))
        or bool(_BARE.fullmatch(code))
    )


def read_gs1(*, code: str, currency: str) -> Gs1Reading:
    """What the element strings in `code` say. Raises `CodeUnreadable`."""
    if len(code) > MAX_LENGTH:
        raise CodeUnreadable(f"a code has at most {MAX_LENGTH} characters")
    try:
        parts = {element.ai.ai: element for element in _message(code).element_strings}
    except ParseError as error:
        raise CodeUnreadable(f"no GS1 code: {error}") from error
    article = parts.get("01")
    if article is None:
        raise CodeUnreadable("the code names no article (01)")
    if article.gtin_error:
        raise CodeUnreadable(f"the article's check digit is wrong: {article.value}")
    weight = next((element.decimal for ai, element in parts.items() if ai.startswith("310")), None)
    price = next((element for ai, element in parts.items() if ai.startswith("392")), None)
    return Gs1Reading(
        gtin=article.value,
        lot=_text(parts.get("10")),
        serial=_text(parts.get("21")),
        use_by=_date(parts.get("17")),
        best_before=_date(parts.get("15")),
        weight=weight,
        amount_minor=None if price is None else _minor(price, currency),
        count=_count(parts.get("30") or parts.get("37")),
    )


def _message(code: str) -> GS1Message:
    bare = code[3:] if code.startswith(SYMBOLOGIES) else code
    if _BRACKETS.match(bare):
        return GS1Message.parse_hri(bare, config=_CONFIG)
    return GS1Message.parse(bare.removeprefix(SEPARATOR), config=_CONFIG)


def _text(element: GS1ElementString | None) -> str:
    return "" if element is None else element.value


def _date(element: GS1ElementString | None) -> dt.date | None:
    return None if element is None else element.date


def _count(element: GS1ElementString | None) -> int | None:
    return None if element is None else int(element.value)


def _minor(price: GS1ElementString, currency: str) -> int:
    exact = Decimal(price.value).scaleb(-int(price.ai.ai[3])).scaleb(exponent(currency))
    if exact != exact.to_integral_value():
        raise CodeUnreadable(f"the price has finer parts than {currency} has")
    return int(exact)
