"""What a plain (unquoted) word in YAML means here: the few readings on which every YAML reader agrees.

YAML 1.1 reads `NO` as false, `16:30` as 990 and `0123` as 83; YAML 1.2 reads text and a number. A merchant's
file must not depend on the reader, so words with two readings are refused with the advice to quote them.
Numbers with a point are exact decimals, never floats. Pure: no Django, no input or output.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Scalar = str | int | bool | Decimal | None

_NULL: Final = frozenset({"", "~", "null"})
_BOOLEANS: Final = {"true": True, "false": False}
_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")

# Words that some YAML 1.1 or 1.2 reader takes for something else than the text they look like.
_SECOND_READINGS: Final = (
    ("a yes/no value", re.compile(r"y|yes|n|no|on|off|true|false", re.IGNORECASE)),
    ("an empty value", re.compile(r"null", re.IGNORECASE)),
    ("a number to the base of 60", re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")),
    ("a date", re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?")),
    (
        "a number",
        re.compile(
            r"[-+]?(0[xX][0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?"
            r"|\.[0-9][0-9_]*([eE][-+]?[0-9]+)?|\.inf)|\.nan",
            re.IGNORECASE,
        ),
    ),
    ("a special key", re.compile(r"=|<<")),
)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A plain word with two readings: `reading` is what some YAML readers make of it."""

    text: str
    reading: str


def read_plain(text: str) -> Scalar | Ambiguous:
    """The value of an unquoted word, or `Ambiguous` where YAML readers disagree about it."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    for reading, pattern in _SECOND_READINGS:
        if pattern.fullmatch(text):
            return Ambiguous(text, reading)
    return text
