"""Opaque tokens: 256 random bits behind a short prefix that says what they open. Only hashes are stored.

The prefix lets scanners of leaked secrets recognise a token and lets people tell two of them apart; it is no
part of the secret. SHA-256 without salt is enough for 256 random bits: nobody can try them out.
"""

import hashlib
import secrets
from typing import Final

from fynlo.env import SecretText

DEVICE: Final = "fyd_"
SESSION: Final = "fys_"
APPROVAL: Final = "fya_"
_BYTES: Final = 32


def new_token(prefix: str) -> SecretText:
    """A new token: `prefix` and 43 URL-safe characters. Shown once, never stored."""
    return SecretText(prefix + secrets.token_urlsafe(_BYTES))


def token_hash(token: str) -> str:
    """What is stored of a token: hexadecimal SHA-256, 64 characters. Takes any text a header may hold."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
