"""Taking secrets and card numbers out of text before it is logged, wherever they came from. Pure."""

import re
from typing import Final

MASK: Final = "[masked]"

_NAMES: Final = (
    r"authorization|staff-session|cookie|set-cookie|x-csrftoken|csrfmiddlewaretoken|pass(?:word|wd)?|passphrase"
    r"|pin|pin_?code|secret|token|ticket|credential|api[-_]?key|access[-_]?key|private[-_]?key|pepper|session(?:_?id)?"
)
# name = value, "name": "value", name: Scheme value; the name may carry a prefix (`initial_pin`, `card-token`).
_NAMED: Final = re.compile(
    rf"""(?ix)
    ( (?<![a-z0-9]) (?:[a-z0-9]{{1,20}}[-_]){{0,4}} (?:{_NAMES}) (?:[-_](?:hash|value|text))? (?![a-z0-9])
      \\?["']? \s* [:=]>? \s* )
    (?: (?:bearer|basic|token|digest) \s+ )?
    ( \\?"(?:[^"\\]|\\.)*+\\?"? | '(?:[^'\\]|\\.)*+'? | [^\s,;&)}}\]"']+ )
    """
)
_SCHEME: Final = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}")
_OWN_TOKEN: Final = re.compile(r"\bfy[a-z]_[A-Za-z0-9_-]{6,}")  # devices and sessions, told by their prefix
_URL_PASSWORD: Final = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,20}://[^\s:/@]{0,200}:)[^\s@/]+@")
_CARD_LIKE: Final = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])")
# PostgreSQL repeats the offending values in these lines of its messages.
_SERVER_DETAIL: Final = re.compile(r"(?m)^(\s*(?:DETAIL|CONTEXT|QUERY|LINE \d+):).*$")
# What every pattern above needs; most values have none of it and are done with one look.
_SUSPECT: Final = re.compile(r"(?i)[:=]|[0-9](?:[ -]?[0-9]){12}|bearer|basic|\bfy[a-z]_")


def mask(text: str) -> str:
    """`text` without credentials, PINs, passwords in addresses, card-like numbers and the database's details."""
    if not _SUSPECT.search(text):
        return text
    text = _SERVER_DETAIL.sub(rf"\1 {MASK}", text)
    text = _URL_PASSWORD.sub(rf"\1{MASK}@", text)
    text = _NAMED.sub(rf"\1{MASK}", text)
    text = _SCHEME.sub(rf"\1 {MASK}", text)
    text = _OWN_TOKEN.sub(MASK, text)
    return _CARD_LIKE.sub(_mask_card, text)


def is_card_like(digits: str) -> bool:
    """Whether 13 to 19 digits pass the Luhn check (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  the digits of a product add up
    return total % 10 == 0


def _mask_card(found: re.Match[str]) -> str:
    digits = re.sub(r"[ -]", "", found.group())
    return MASK if is_card_like(digits) else found.group()
