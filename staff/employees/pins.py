"""PINs at rest: Argon2id over a keyed hash of the PIN. The key (the pepper) is the server's, not the database's.

A PIN has at most eight digits, so whoever reads the table could try them all; without the pepper there is
nothing to try them against. Argon2id (RFC 9106) makes each try dear for whoever has both. The parameters are
those of the OWASP password storage cheat sheet (19 MiB, 2 passes, 1 lane); tests use the least there is.
"""

import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

_PURPOSE: Final = b"fynlo pin 1\0"


class PinHasher:
    """Makes and compares PIN hashes with one pepper and one set of parameters."""

    def __init__(self, *, pepper: str, time_cost: int, memory_cost: int, parallelism: int) -> None:
        self._pepper = pepper.encode()
        self._argon2 = PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)
        self._nobodys = self._argon2.hash(secrets.token_bytes(32))

    def __repr__(self) -> str:
        return "<PinHasher>"

    def hash(self, pin: str) -> str:
        """The text to store for `pin`, with a salt of its own (about 35 ms in production)."""
        return self._argon2.hash(self._peppered(pin))

    def matches(self, *, pin: str, stored: str) -> bool:
        """Whether `pin` is the one behind `stored`.

        An empty `stored` (nobody has this number, or a person without a PIN) costs the same and is False: the
        time of an answer must not tell who works here (trap 25).
        """
        try:
            self._argon2.verify(stored or self._nobodys, self._peppered(pin))
        except (VerificationError, InvalidHashError):
            return False
        return bool(stored)

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other parameters than those in force."""
        return self._argon2.check_needs_rehash(stored)

    def _peppered(self, pin: str) -> bytes:
        return hmac.new(self._pepper, _PURPOSE + pin.encode(), hashlib.sha256).digest()


def pin_hasher() -> PinHasher:
    """The hasher of this installation (`FYNLO_PIN_PEPPER`, `FYNLO_PIN_HASHING`)."""
    costs = settings.FYNLO_PIN_HASHING
    return _hasher(settings.FYNLO_PIN_PEPPER, costs["time_cost"], costs["memory_cost"], costs["parallelism"])


@lru_cache(maxsize=4)
def _hasher(pepper: str, time_cost: int, memory_cost: int, parallelism: int) -> PinHasher:
    return PinHasher(pepper=pepper, time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)
