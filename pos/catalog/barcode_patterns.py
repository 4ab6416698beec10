"""Codes that a scale or a back room printed: a pattern says which digits are the article, the weight, the price.

A pattern has one sign per digit of the code: digits stand for themselves, letters for what is read there.

    I  article number          W  weight          P  price, in the merchant's currency
    Q  pieces                  X  anything        C  check digit of all digits before it (GTIN, modulo 10)

A full stop among the W or P says where the decimals begin: `21IIIIIWW.WWWC` reads 2112345003351 as 0.335 kg of
article 12345. Weights are kilograms unless the pattern ends with another unit: `21IIIIIWWWWWC:g`. Pure.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fynlo.core.money import exponent
from pos.catalog.barcodes import check_digit

WEIGHT_UNITS: Final = ("kg", "g")
MAX_PATTERN: Final = 80
MAX_DIGITS: Final = 48
MAX_FIELD: Final = 12
"""Digits of a weight, a price or a number of pieces: more would be no amount that can be sold."""

_SHAPE = re.compile(r"(?P<signs>[0-9IWPQXC.]+)(?::(?P<unit>[a-z]+))?")
_FIELDS: Final = {"I": "the article", "W": "the weight", "P": "the price", "Q": "the pieces"}


class PatternInvalid(ValueError):
    """A pattern that says nothing definite; the message says what is wrong with it."""


class CodeUnreadable(ValueError):
    """A code of the pattern's form whose content cannot be right; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternReading:
    """What a code says. `weight` is in `weight_unit`; `amount_minor` is the printed price.

    `base` is the code with zeros for weight, price and pieces, which some catalogues keep as the barcode.
    """

    article: str
    base: str
    weight: Decimal | None = None
    weight_unit: str = ""
    amount_minor: int | None = None
    pieces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPattern:
    """A pattern ready to read: its form, and how many decimals weight and price have."""

    form: re.Pattern[str]
    weight_decimals: int
    price_decimals: int
    weight_unit: str
    has_check_digit: bool


def compile_pattern(text: str) -> CompiledPattern:
    """The pattern `text` stands for. Raises `PatternInvalid`."""
    shape = _SHAPE.fullmatch(text)
    if not shape or len(text) > MAX_PATTERN:
        raise PatternInvalid("a pattern consists of digits, I, W, P, Q, X, C and full stops")
    unit = shape["unit"] or "kg"
    if unit not in WEIGHT_UNITS:
        raise PatternInvalid(f"weights are in {' or '.join(WEIGHT_UNITS)}, not in {unit}")
    signs = shape["signs"]
    digits = signs.replace(".", "")
    if len(digits) > MAX_DIGITS:
        raise PatternInvalid(f"a code has at most {MAX_DIGITS} digits")
    if "I" not in digits:
        raise PatternInvalid("no I says where the article number is")
    if "C" in digits[:-1]:
        raise PatternInvalid("the check digit C is the last digit")
    _check_stops(signs)
    return CompiledPattern(
        form=re.compile(_form(digits)),
        weight_decimals=_decimals(signs, "W"),
        price_decimals=_decimals(signs, "P"),
        weight_unit=unit,
        has_check_digit=digits.endswith("C"),
    )


def read_code(*, pattern: CompiledPattern, code: str, currency: str) -> PatternReading | None:
    """What `code` says by `pattern`; None when it is of another form. Raises `CodeUnreadable`.

    A wrong check digit is another form: the code may be one of some other kind.
    """
    found = pattern.form.fullmatch(code)
    if not found or (pattern.has_check_digit and check_digit(code[:-1]) != code[-1]):
        return None
    parts = found.groupdict()
    weight = parts.get("W")
    price = parts.get("P")
    pieces = parts.get("Q")
    return PatternReading(
        article=parts["I"],
        base=_base(pattern, found, code),
        weight=None if weight is None else _scaled(weight, pattern.weight_decimals),
        weight_unit="" if weight is None else pattern.weight_unit,
        amount_minor=None if price is None else _minor(price, pattern.price_decimals, currency),
        pieces=None if pieces is None else int(pieces),
    )


def _base(pattern: CompiledPattern, found: re.Match[str], code: str) -> str:
    digits = list(code)
    for sign in pattern.form.groupindex.keys() - {"I"}:
        start, end = found.span(sign)
        digits[start:end] = "0" * (end - start)
    body = "".join(digits)
    return body[:-1] + check_digit(body[:-1]) if pattern.has_check_digit else body


def _form(digits: str) -> str:
    """The regular expression of a pattern's digits; each field stands in one place."""
    form, seen = "", set()
    for run in re.finditer(r"(.)\1*", digits):
        sign, length = run[1], len(run[0])
        if sign in _FIELDS:
            if sign in seen:
                raise PatternInvalid(f"{_FIELDS[sign]} ({sign}) stands in two places")
            seen.add(sign)
            if length > MAX_FIELD and sign != "I":
                raise PatternInvalid(f"{_FIELDS[sign]} ({sign}) has at most {MAX_FIELD} digits")
            form += f"(?P<{sign}>[0-9]{{{length}}})"
        else:
            form += f"[0-9]{{{length}}}" if sign in "XC" else run[0]
    return form


def _decimals(signs: str, field: str) -> int:
    """How many digits of `field` come after its full stop; without one the last of them is a whole unit."""
    inside = next((run[0] for run in re.finditer(rf"{field}[{field}.]*", signs)), "")
    return len(inside.rpartition(".")[2]) if "." in inside else 0


def _check_stops(signs: str) -> None:
    """Full stops stand between two W or two P, once in each."""
    inner = re.findall(r"(?<=W)\.(?=W)|(?<=P)\.(?=P)", signs)
    if signs.count(".") != len(inner) or re.search(r"W\.W+\.W|P\.P+\.P", signs):
        raise PatternInvalid("a full stop stands between two W or two P, once")


def _scaled(digits: str, decimals: int) -> Decimal:
    return Decimal(int(digits)).scaleb(-decimals)


def _minor(digits: str, decimals: int, currency: str) -> int:
    """The printed price in minor units, to the cent: nothing is rounded."""
    minor = _scaled(digits, decimals).scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise CodeUnreadable(f"the price has finer parts than {currency} has")
    return int(minor)
