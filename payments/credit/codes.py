"""Codes of gift cards and store credit: made from the account's key, kept as keyed hashes.

A code is money, so the database must not hold it. The codes Fynlo makes follow from the account's key and the
server's pepper, so whoever sold a card can have it printed again, and nobody can who only has the database.
Nineteen digits of a keyed hash (63 bits) and a check digit after Damm, which notices every wrong digit and every
two that changed places. Twenty digits are one more than any payment card has.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from fynlo.core.tenancy import current_schema

SHORTEST: Final = 6
LONGEST: Final = 40
SHOWN: Final = 4
_DIGITS: Final = 19
_GROUP: Final = 4
_CODE_PURPOSE: Final = b"fynlo stored value code 1\0"
_HASH_PURPOSE: Final = b"fynlo stored value hash 1\0"
_FILE_PURPOSE: Final = b"fynlo stored value file 1\0"
_PLAIN: Final = re.compile(rf"[0-9A-Z]{{{SHORTEST},{LONGEST}}}")
_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


class NoCode(ValueError):
    """What was read or typed cannot be a code."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A code as it may be passed on: its keyed hash, and its last four characters."""

    digest: str
    shown: str


def own_code(account_id: UUID) -> str:
    """The code of the card with this key, for those whose code Fynlo made: twenty digits."""
    number = int.from_bytes(_keyed(_CODE_PURPOSE, account_id.bytes), "big") % 10**_DIGITS
    digits = f"{number:0{_DIGITS}d}"
    return digits + str(check_digit(digits))


def presented(code: str) -> Presented:
    """A code that was read or typed. Raises `NoCode`."""
    text = plain(code)
    if not _PLAIN.fullmatch(text):
        raise NoCode(f"A code has {SHORTEST} to {LONGEST} letters and digits.")
    return Presented(_keyed(_HASH_PURPOSE, text.encode()).hex(), text[-SHOWN:])


def plain(code: str) -> str:
    """A code without what people put between its characters; small letters are as good as large ones."""
    return "".join(code.replace("-", " ").upper().split())


def spaced(code: str) -> str:
    """The code in groups of four, as it is printed."""
    return " ".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def check_digit(digits: str) -> int:
    """The check digit of these digits, after Damm; of digits that end in theirs it is 0."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def secret_digest(content: bytes) -> str:
    """A keyed hash of something that holds codes, to know it again by."""
    return _keyed(_FILE_PURPOSE, content).hex()


def _keyed(purpose: bytes, text: bytes) -> bytes:
    """A hash of one merchant: the same code at two merchants has nothing in common."""
    key = settings.FYNLO_PIN_PEPPER.encode()
    return hmac.new(key, purpose + str(current_schema()).encode() + b"\0" + text, hashlib.sha256).digest()
