"""Files of gift cards from an earlier system: what a row says, and the rules its cells keep.

`code` and `balance` are needed; `expires_on`, `holder` and `pin` may be there. How bytes become cells is known to
whoever reads the shop's other files (`payments.credit.ports`). No problem that is told quotes a code or a PIN.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from fynlo.core.errors import FieldProblem
from payments.credit.codes import plain

MOST_ROWS: Final = 5_000
"""Cards in a file: they come in one transaction, all or none."""
MOST_PINS: Final = 500
"""Cards with a PIN where somebody waits for the answer: to hash one takes some hundredths of a second."""
LONGEST_HOLDER: Final = 120
CODES: Final = {"balance": "amount", "expires_on": "date"}
"""What is wrong with a cell, as the API says it; else it is the name of the column."""
_CODE: Final = re.compile(r"[0-9A-Z]{6,40}")
_PIN: Final = re.compile(r"[0-9]{4,12}")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_SLASHED: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a file is written, where the merchant knows better than detection."""

    encoding: Literal["auto", "utf-8", "cp1252"] = "auto"
    delimiter: Literal["auto", ",", ";", "tab"] = "auto"
    decimal: Literal["auto", ".", ","] = "auto"


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card as the file tells it; `line` is where, counted with the header."""

    line: int
    code: str = field(repr=False)
    balance_minor: int
    expires_on: dt.date | None = None
    holder: str = ""
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CardProblem:
    """What is wrong with a cell, or with a whole row (`column` is empty), or the file (`line` is 0)."""

    line: int
    column: str
    reason: str
    code: str = "row"

    def __str__(self) -> str:
        where = f"line {self.line}{', ' if self.column else ''}{self.column}: " if self.line else ""
        return f"{where}{self.reason}"


@dataclass(frozen=True, slots=True)
class CardTable:
    """What a file says: its rows that are right, everything that is wrong, and the line of its header."""

    rows: tuple[CardRow, ...]
    problems: tuple[CardProblem, ...]
    header_line: int = 1


class UnreadableFile(ValueError):
    """It is no file of cards at all."""


class WrongCell(ValueError):
    """A cell that cannot be used. The message does not repeat it."""


def card_code(text: str) -> str:
    """A code without what people put between its characters. Raises `WrongCell`."""
    code = plain(text)
    if not _CODE.fullmatch(code):
        raise WrongCell("a code has 6 to 40 letters and digits")
    return code


def card_pin(text: str) -> str:
    """A PIN, or nothing. Raises `WrongCell`."""
    pin = text.strip()
    if pin and not _PIN.fullmatch(pin):
        raise WrongCell("a PIN has 4 to 12 digits")
    return pin


def card_holder(text: str) -> str:
    """A name, or nothing. Raises `WrongCell`."""
    holder = " ".join(text.split())
    if len(holder) > LONGEST_HOLDER or not holder.isprintable():
        raise WrongCell(f"a name has up to {LONGEST_HOLDER} printable characters")
    return holder


def card_day(text: str) -> dt.date | None:
    """`2027-12-31`, `31.12.2027`, or `31/12/2027` where it can only be one day; None for nothing.

    Raises `WrongCell`, also for a day that Americans and Europeans read differently (`03/04/2027`).
    """
    said = text.strip()
    if not said:
        return None
    if (iso := _ISO.fullmatch(said)) is not None:
        return _day(iso[1], iso[2], iso[3])
    if (dotted := _DOTTED.fullmatch(said)) is not None:
        return _day(dotted[3], dotted[2], dotted[1])
    slashed = _SLASHED.fullmatch(said)
    if slashed is None:
        raise WrongCell("is no day; write it as 2027-12-31")
    first, second = int(slashed[1]), int(slashed[2])
    if first != second and first <= _MONTHS and second <= _MONTHS:
        raise WrongCell("may be either of two days; write it as 2027-12-31")
    day, month = (first, second) if second <= _MONTHS else (second, first)
    return _day(slashed[3], str(month), str(day))


def without_repeats(rows: Iterable[CardRow]) -> tuple[list[CardRow], list[CardProblem]]:
    """Rows each of a code of its own, and a problem for every other."""
    first: dict[str, CardRow] = {}
    problems: list[CardProblem] = []
    for row in rows:
        known = first.setdefault(row.code, row)
        if known is not row:
            reason = f"this code is in line {known.line} already"
            problems.append(CardProblem(row.line, "code", reason, "duplicate"))
    return list(first.values()), problems


def field_problems(problems: Iterable[CardProblem], *, header_line: int) -> Iterator[FieldProblem]:
    """The problems as the API tells them: rows count from 1 below the header."""
    for each in problems:
        row = f"/{each.line - header_line}" if each.line > header_line else ""
        detail = f"{each.reason[:1].upper()}{each.reason[1:]}."
        yield FieldProblem(f"{row}/{each.column}" if each.column else row, each.code, detail)


def card_row(line: int, said: Callable[[str], object]) -> CardRow:
    """The row of cells that were read, each asked for by the name of its column."""
    expires_on = said("expires_on")
    return CardRow(
        line=line,
        code=str(said("code")),
        balance_minor=int(str(said("balance"))),
        expires_on=expires_on if isinstance(expires_on, dt.date) else None,
        holder=str(said("holder") or ""),
        pin=str(said("pin") or ""),
    )


def _day(year: str, month: str, day: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise WrongCell("is a day that no calendar has") from None
