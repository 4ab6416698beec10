"""Numbers as people write them: `1.234,50`, `1,234.50`, `12.5`; what may mean two things is refused.

`1.234` alone is a thousand to one reader and a bit more than one to another. It is read only if the rest of
the file says which mark its decimals have, or the currency leaves one meaning.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

GROUP_SIGNS = str.maketrans("", "", " \u00a0\u202f\u2009'’")
"""Signs that only ever group digits: spaces of several widths, and the Swiss apostrophe."""

_PLAIN = re.compile(r"[0-9]{1,18}")
_MARKED = re.compile(r"[0-9]*(?:[.,][0-9]+)+")
_SIGN_GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f\u2009'’][0-9]{3})+(?:[.,][0-9]+)?")
_NUMBER_IN_TEXT = re.compile(r"[0-9.,](?:[0-9., \u00a0\u202f\u2009'’]*[0-9])?")
_MAX_DIGITS = 24
_GROUP = 3


class NumberInvalid(ValueError):
    """Not a number, or one that may mean two things; the message says which."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the marks of a number say: its decimal mark, or the one that might be (`ambiguous`)."""

    decimal: str = ""
    ambiguous: str = ""
    evidence: str = ""


def decimal_mark_of(texts: Iterable[str]) -> str:
    """The decimal mark that all unambiguous numbers agree on, or an empty text."""
    found = {_evidence(text) for text in texts} - {""}
    return found.pop() if len(found) == 1 else ""


def read_decimal(*, text: str, mark: str, if_unclear: str = "") -> Decimal:
    """The number a cell states. Raises `NumberInvalid`.

    `mark` is the file's decimal mark if known. `if_unclear` settles `1.234` in a file that does not:
    `decimal` or `grouping` (a currency without minor units has no decimals), else it is refused.
    """
    stripped = text.strip()
    if stripped.startswith(("-", "−")):
        raise NumberInvalid("a negative number is not possible here")
    compact = stripped.translate(GROUP_SIGNS)
    if compact != stripped and not _sign_grouped(text):
        raise NumberInvalid("not a number: digits are grouped in threes")
    if _PLAIN.fullmatch(compact):
        return Decimal(compact)
    if not _MARKED.fullmatch(compact) or len(compact) > _MAX_DIGITS:
        raise NumberInvalid("not a number")
    marks = _marks(compact, sign_grouped=_sign_grouped(text))
    decimal = marks.decimal
    if marks.ambiguous:
        decimal = _settled(text=compact, ambiguous=marks.ambiguous, mark=mark, if_unclear=if_unclear)
    elif mark and marks.evidence not in ("", mark):
        raise NumberInvalid(f"the file's decimal mark is {mark!r}, but this number has another")
    return _value(compact=compact, decimal=decimal)


def _marks(compact: str, *, sign_grouped: bool) -> _Marks:
    """Read the marks of a number that consists of digits, points and commas."""
    points, commas = compact.count("."), compact.count(",")
    if points and commas:
        last = max(".,", key=compact.rindex)
        return _Marks(decimal=last, evidence=last)
    mark = "." if points else ","
    other = "," if points else "."
    if points + commas > 1:
        return _Marks(evidence=other)
    whole, part = compact.split(mark)
    if len(part) == _GROUP and 0 < len(whole) <= _GROUP and whole[0] != "0" and not sign_grouped:
        return _Marks(ambiguous=mark)
    return _Marks(decimal=mark, evidence=mark)


def _evidence(text: str) -> str:
    """The decimal mark a number gives away, whatever currency stands beside it."""
    number = _NUMBER_IN_TEXT.search(text)
    compact = number[0].translate(GROUP_SIGNS) if number else ""
    if not number or len(compact) > _MAX_DIGITS or not _MARKED.fullmatch(compact):
        return ""
    marks = _marks(compact, sign_grouped=_sign_grouped(number[0]))
    try:
        _value(compact=compact, decimal=marks.decimal)
    except NumberInvalid:
        return ""
    return marks.evidence


def _settled(*, text: str, ambiguous: str, mark: str, if_unclear: str) -> str:
    """The decimal mark of `1.234`: its own, or none because it groups."""
    if mark:
        return mark if mark == ambiguous else ""
    if if_unclear:
        return ambiguous if if_unclear == "decimal" else ""
    whole, part = text.split(ambiguous)
    raise NumberInvalid(
        f"this may be {whole}{part} or {whole}.{part}; write it without grouping, or say which the decimal mark is"
    )


def _value(*, compact: str, decimal: str) -> Decimal:
    whole, _, part = compact.rpartition(decimal) if decimal else (compact, "", "")
    first, *groups = re.split(r"[.,]", whole)
    grouped_well = all(len(group) == _GROUP for group in groups) and len(first) <= _GROUP
    if decimal and decimal in whole:
        raise NumberInvalid("not a number: it has two decimal marks")
    if groups and not (grouped_well and first):
        raise NumberInvalid("not a number: digits are grouped in threes")
    return Decimal(f"{first or '0'}{''.join(groups)}.{part or '0'}")


def _sign_grouped(text: str) -> bool:
    return _SIGN_GROUPED.fullmatch(text.strip()) is not None
