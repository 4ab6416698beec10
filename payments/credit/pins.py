"""PINs of gift cards: at rest, and how long to wait after wrong ones.

At rest as the PINs of people are: Argon2id (RFC 9106) over a keyed hash, with the server's pepper and the
parameters of `FYNLO_PIN_HASHING`. Five tries are free, then the wait doubles from half a minute to an
hour: some 24 tries a day for whoever guesses. The wait is that of one card.
"""

import datetime as dt
import hashlib
import hmac
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

FREE_TRIES: Final = 5
FIRST_WAIT: Final = dt.timedelta(seconds=30)
LONGEST_WAIT: Final = dt.timedelta(hours=1)
FORGOTTEN_AFTER: Final = dt.timedelta(hours=24)
SHORTEST_PIN: Final = 4
LONGEST_PIN: Final = 12
_PURPOSE: Final = b"fynlo stored value pin 1\0"


def is_pin(text: str) -> bool:
    """Four to twelve ASCII digits."""
    return SHORTEST_PIN <= len(text) <= LONGEST_PIN and text.isascii() and text.isdigit()


def hash_pin(pin: str) -> str:
    """The text to keep of a PIN, with a salt of its own; of none it is empty."""
    return _argon2().hash(_peppered(pin)) if pin else ""


def pin_matches(*, pin: str, stored: str) -> bool:
    """Whether it is the one behind `stored`."""
    try:
        return _argon2().verify(stored, _peppered(pin))
    except (VerificationError, InvalidHashError):
        return False


def wait_after(failures: int) -> dt.timedelta:
    """The wait before the next try when so many in a row were wrong."""
    if failures < FREE_TRIES:
        return dt.timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 20), LONGEST_WAIT)


def failures_at(*, failures: int, tried_at: dt.datetime | None, at: dt.datetime) -> int:
    """How many wrong tries still count."""
    return 0 if tried_at is None or at - tried_at >= FORGOTTEN_AFTER else failures


def _argon2() -> PasswordHasher:
    costs = settings.FYNLO_PIN_HASHING
    return PasswordHasher(
        time_cost=costs["time_cost"], memory_cost=costs["memory_cost"], parallelism=costs["parallelism"]
    )


def _peppered(pin: str) -> bytes:
    return hmac.new(settings.FYNLO_PIN_PEPPER.encode(), _PURPOSE + pin.encode(), hashlib.sha256).digest()
