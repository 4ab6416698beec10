"""What may be kept of a card: its last four digits, and a reference that cannot be a card's number. Pure.

A shop that writes a card's number down is in the scope of PCI DSS with all it has. So a reference is refused if
groups of digits in it that stand together (`4111 1111-1111.1111`) make up 13 to 19 digits with a right check digit.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LAST4_DIGITS: Final = 4
LONGEST_REFERENCE: Final = 80

_SHORTEST: Final = 13
_LONGEST: Final = 19
_TOGETHER: Final = re.compile(r"[0-9]+(?:[ .\-_/,][0-9]+)*")
_GROUP: Final = re.compile(r"[0-9]+")
_TEN: Final = 10


def is_last4(text: str) -> bool:
    """Exactly four digits, or nothing."""
    return not text or (len(text) == LAST4_DIGITS and text.isascii() and text.isdigit())


def holds_card_number(text: str) -> bool:
    """Whether groups of digits in `text` that stand together could be the number of a card."""
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text)))
    return any(_luhn(number) for found in _TOGETHER.finditer(plain) for number in _numbers(found.group()))


def _plain(character: str) -> str:
    """Digits of every script as 0 to 9, dashes and spaces of every kind as one; what nobody sees is nothing."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    return {"Pd": "-", "Zs": " ", "Cf": "", "Cc": " "}.get(unicodedata.category(character), character)


def _numbers(text: str) -> Iterator[str]:
    """The numbers of 13 to 19 digits that whole groups make; in a longer group, any part of it."""
    groups = _GROUP.findall(text)
    for first in range(len(groups)):
        for last in range(first, len(groups)):
            number = "".join(groups[first : last + 1])
            if _SHORTEST <= len(number) <= _LONGEST:
                yield number
    for group in groups:
        if len(group) > _LONGEST:
            for length in range(_SHORTEST, _LONGEST + 1):
                yield from (group[start : start + length] for start in range(len(group) - length + 1))


def _luhn(number: str) -> bool:
    digits = (int(digit) for digit in reversed(number))
    doubled = (digit if place % 2 == 0 else 2 * digit for place, digit in enumerate(digits))
    return sum(each if each < _TEN else each - (_TEN - 1) for each in doubled) % _TEN == 0
