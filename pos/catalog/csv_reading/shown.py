"""What a workbook's cell shows: from the number, text or answer that is stored to what a person sees there.

Digits are ASCII digits, and every text is measured before a number is made of it.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from pos.catalog.csv_reading.cells import PlainNumber, WrongCell
from pos.catalog.csv_reading.text import MAX_CELL

LONGEST_FORMAT: Final = 255
"""Characters of a number format, as many as spreadsheets take."""
_DIGITS: Final = 15
_SHOWN: Final = 40
_LONGEST_INDEX: Final = 9
_BUILT_IN_DATES: Final = frozenset(str(key) for key in (*range(14, 23), *range(45, 48)))
_DATE_SIGNS: Final = re.compile(r"[dmyhs]", re.IGNORECASE)
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ZEROS: Final = re.compile(r"0{1,32}")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?"
)
_EPOCHS: Final = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001  wall clock
_ANSWERS: Final = {"1": "yes", "true": "yes", "0": "no", "false": "no", "": ""}
_LINE_SIGNS: Final = frozenset((0x09, 0x0A, 0x0D))


def index(text: str) -> int:
    """A place that is counted from 0, or -1 for what is none."""
    is_index = len(text) <= _LONGEST_INDEX and text.isascii() and text.isdigit()
    return int(text) if is_index else -1


def number_shown(text: str, how: str, *, is_1904: bool) -> str:
    """A number with the fifteen digits a spreadsheet shows, or the local time it is formatted as."""
    if not _NUMBER.fullmatch(text):
        return WrongCell(text[:_SHOWN], "is no number")
    number = Decimal(f"{float(text):.{_DIGITS}g}")
    if not number.is_finite() or abs(number) >= Decimal(10) ** _DIGITS:
        return WrongCell(
            text[:_SHOWN], "is a number too large to be shown in full; format the column as text"
        )
    if how == "date":
        return _date(number, is_1904=is_1904)
    plain = f"{number.normalize():f}"
    return PlainNumber(plain.zfill(len(how)) if how else plain)


def answer_shown(text: str) -> str:
    """Yes or no."""
    answer = _ANSWERS.get(text[:_SHOWN].strip().lower())
    return WrongCell(text[:_SHOWN], "is neither yes nor no") if answer is None else answer


def text_shown(text: str) -> str:
    """A text whose `_x0041_` are the characters they stand for, where texts may have them."""
    if len(text) > MAX_CELL:
        return WrongCell(text[:80], f"has more than {MAX_CELL} characters")
    if "_x" not in text:
        return text
    for escaped in _ESCAPED.finditer(text):
        code = int(escaped[1], 16)
        if not _may_stand_in_text(code):
            return WrongCell(text[:80], f"contains the unprintable character U+{code:04X}")
    return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)


def format_shown(key: str, code: str) -> str:
    """What a number format does: `date`, zeros to fill up to, or nothing special."""
    shown = _LITERAL.sub("", code.partition(";")[0])
    if (key in _BUILT_IN_DATES and not code) or _DATE_SIGNS.search(shown):
        return "date"
    return code if _ZEROS.fullmatch(code) else ""


def _may_stand_in_text(code: int) -> bool:
    """XML's own rule: no controls but tab and line ends, no half of a pair, no non-character."""
    return code in _LINE_SIGNS or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE  # noqa: PLR2004


def _date(days: Decimal, *, is_1904: bool) -> str:
    try:
        if days < 0:
            raise OverflowError
        moment = _EPOCHS[is_1904] + dt.timedelta(seconds=round(days * 86400))
    except OverflowError:
        return WrongCell(str(days), "is no date")
    return moment.isoformat(sep=" ", timespec="minutes" if moment.second == 0 else "seconds")
