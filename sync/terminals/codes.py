"""Pairing codes as people read and type them: `ABCD-EFGH` in Crockford's base 32. Pure.

The first half (the selector) finds the row that counts the tries; the second half is the secret. Lower case,
spaces and hyphens do not matter, and O, I and L are read as 0, 1 and 1
(https://www.crockford.com/base32.html).
"""

import secrets
from dataclasses import dataclass, field
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HALF: Final = 4
LONGEST_TEXT: Final = 20
_READ_AS: Final = str.maketrans("OIL", "011", " -")


@dataclass(frozen=True, slots=True)
class Code:
    """A code in its two halves; the secret one does not show itself."""

    selector: str
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        """The code as it is shown to a manager."""
        return f"{self.selector}-{self.secret}"


def new_code() -> Code:
    """A random code: 20 bits to find it by, 20 bits to prove that it was seen."""
    drawn = [secrets.choice(ALPHABET) for _ in range(2 * HALF)]
    return Code(selector="".join(drawn[:HALF]), secret="".join(drawn[HALF:]))


def read_code(text: str) -> Code | None:
    """The code somebody typed, or None when it cannot be one."""
    if len(text) > LONGEST_TEXT or not text.isascii():
        return None
    symbols = text.upper().translate(_READ_AS)
    if len(symbols) != 2 * HALF or not set(symbols) <= set(ALPHABET):
        return None
    return Code(selector=symbols[:HALF], secret=symbols[HALF:])
