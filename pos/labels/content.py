"""What stands on a label, as values and in words. Pure.

A unit price is told for what is sold by weight, volume or length, and for packages whose content the item states
as one of its units (one `g` is 1/500 of a jar: 500 g): per kilogram, litre or metre (Directive 98/6/EC, articles 2
and 3).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from fynlo.core.money import Money, format_money, round_half_up
from pos.catalog.conversion import NoConversion, convert
from pos.labels.symbols.choosing import Code

NAME, VARIANT, PRICE, UNIT_PRICE, SKU, BARCODE = "name", "variant", "price", "unit_price", "sku", "barcode"
FIELDS: Final = (NAME, VARIANT, PRICE, UNIT_PRICE, SKU, BARCODE)

_BASES: Final = ("kg", "l", "m")
_SIGNS: Final = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "UAH": "₴",
    "INR": "₹",
    "ILS": "₪",
    "KRW": "₩",
}
_SIGN_FIRST: Final = frozenset({"en", "ja", "zh", "ko", "nl"})
_DATES: Final = {"de": "%d.%m.%Y", "fr": "%d/%m/%Y"}
_USE_BY: Final = {"de": "Zu verbrauchen bis", "fr": "À consommer jusqu’au"}
_BEST_BEFORE: Final = {"de": "Mindestens haltbar bis", "fr": "À consommer de préférence avant le"}
_LOT: Final = {"de": "Charge"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelContent:
    """Texts of a label, empty where one is not wanted or known, and the code to scan; not cleaned yet."""

    name: str
    variant: str = ""
    price: str = ""
    unit_price: str = ""
    sku: str = ""
    details: tuple[str, ...] = ()
    code: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """A label and how many of it."""

    content: LabelContent
    count: int


def price_text(*, minor: int, currency: str, language: str) -> str:
    """A price with its currency as people of a language write it: `2,50 €`, `£2.50`, `2.50 CHF`."""
    tongue = _tongue(language)
    amount = format_money(Money(minor, currency))
    if tongue not in ("en", "ja", "zh", "ko", "he", "hi", "th"):
        amount = amount.replace(".", ",")
    sign = _SIGNS.get(currency)
    if sign is not None and tongue in _SIGN_FIRST:
        return f"{sign}{amount}"
    return f"{amount} {sign or currency}"


def unit_price_text(
    *, minor: int, unit: str, units: Iterable[Mapping[str, Any]], currency: str, language: str
) -> str:
    """The price of a kilogram, litre or metre: `25,98 €/kg`; empty where the content is not known."""
    known = list(units)
    for base in _BASES:
        try:
            content = convert(quantity=1, from_unit=unit, to_unit=base, units=known, unit=unit)
        except NoConversion:
            continue
        if content > 0:
            shown = price_text(
                minor=round_half_up(Fraction(minor) / content), currency=currency, language=language
            )
            return f"{shown}/{base}"
    return ""


def detail_texts(
    *, language: str, lot: str, use_by: dt.date | None, best_before: dt.date | None
) -> tuple[str, ...]:
    """Lot and days as people read them."""
    tongue = _tongue(language)
    written = _DATES.get(tongue, "%Y-%m-%d")
    texts = [f"{_LOT.get(tongue, 'Lot')} {lot}"] if lot else []
    if best_before is not None:
        texts.append(f"{_BEST_BEFORE.get(tongue, 'Best before')} {best_before.strftime(written)}")
    if use_by is not None:
        texts.append(f"{_USE_BY.get(tongue, 'Use by')} {use_by.strftime(written)}")
    return tuple(texts)


def _tongue(language: str) -> str:
    return language.casefold().partition("-")[0]
