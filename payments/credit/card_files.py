"""Files of gift cards from an earlier system: CSV in, rows and every problem of every row out. Pure.

The first line names the columns: `code` and `balance` are needed, `expires_on` (2027-12-31), `holder` and `pin` may
be there. A balance is written as people write it in the merchant's currency, with a point: `12.50`. No problem that
is told quotes a code or a PIN.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from fynlo.core.errors import FieldProblem
from fynlo.core.money import MAX_MINOR, exponent

MOST_ROWS: Final = 5_000
MOST_PINS: Final = 500
"""Cards with a PIN in a file: to hash one takes some hundredths of a second, and somebody waits for the answer."""
LONGEST_HOLDER: Final = 120
_NEEDED: Final = ("code", "balance")
_KNOWN: Final = (*_NEEDED, "expires_on", "holder", "pin")
_CODE: Final = re.compile(r"[0-9A-Z]{6,40}")
_PIN: Final = re.compile(r"[0-9]{4,12}")
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card as the file tells it; `line` is where."""

    line: int
    code: str = field(repr=False)
    balance_minor: int
    expires_on: dt.date | None = None
    holder: str = ""
    pin: str = field(default="", repr=False)


class UnreadableFile(ValueError):
    """It is no CSV file of cards at all."""


def read_cards(*, content: bytes, currency: str) -> tuple[list[CardRow], list[FieldProblem]]:
    """The rows that can be read, and everything that is wrong. Raises `UnreadableFile`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile("The file is not UTF-8.") from error
    if "\0" in text:
        raise UnreadableFile("The file is not a text.")
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        lines = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnreadableFile(f"The file is no CSV: {error}.") from error
    if not lines:
        raise UnreadableFile("The file is empty.")
    names = [cell.strip().lower() for cell in lines[0]]
    _check_names(names)
    if len(lines) - 1 > MOST_ROWS:
        raise UnreadableFile(f"A file has up to {MOST_ROWS} cards.")
    rows, problems = _rows(names, lines[1:], currency)
    if sum(bool(row.pin) for row in rows) > MOST_PINS:
        raise UnreadableFile(f"A file has up to {MOST_PINS} cards with a PIN.")
    return rows, problems


def _check_names(names: list[str]) -> None:
    missing = [name for name in _NEEDED if name not in names]
    strange = [name for name in names if name not in _KNOWN]
    if missing or strange or len(set(names)) != len(names):
        raise UnreadableFile(f"The columns are {', '.join(_KNOWN)}, each once; the first two are needed.")


def _rows(
    names: list[str], lines: list[list[str]], currency: str
) -> tuple[list[CardRow], list[FieldProblem]]:
    rows: list[CardRow] = []
    problems: list[FieldProblem] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(lines, start=1):
        said = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        wrong = [*_wrong(number, cells, names, said, currency)]
        code = _plain(said.get("code", ""))
        if not wrong and code in seen:
            detail = f"This code is in row {seen[code]} already."
            wrong.append(FieldProblem(f"/{number}/code", "duplicate", detail))
        problems += wrong
        if not wrong:
            seen[code] = number
            rows.append(_row(number, code, said, currency))
    return rows, problems


def _wrong(
    number: int, cells: list[str], names: list[str], said: dict[str, str], currency: str
) -> Iterator[FieldProblem]:
    if len(cells) != len(names):
        yield FieldProblem(f"/{number}", "columns", f"The row has {len(cells)} cells, not {len(names)}.")
        return
    if not _CODE.fullmatch(_plain(said["code"])):
        yield FieldProblem(f"/{number}/code", "code", "A code has 6 to 40 letters and digits.")
    if _minor(said["balance"], currency) is None:
        detail = f"An amount of {currency} such as {'12' if not exponent(currency) else '12.50'} is expected."
        yield FieldProblem(f"/{number}/balance", "amount", detail)
    if said.get("expires_on") and _day(said["expires_on"]) is None:
        yield FieldProblem(f"/{number}/expires_on", "date", "A day is expected: 2027-12-31.")
    if said.get("pin") and not _PIN.fullmatch(said["pin"]):
        yield FieldProblem(f"/{number}/pin", "pin", "A PIN has 4 to 12 digits.")
    holder = said.get("holder", "")
    if len(holder) > LONGEST_HOLDER or not holder.isprintable():
        detail = f"A name has up to {LONGEST_HOLDER} printable characters."
        yield FieldProblem(f"/{number}/holder", "holder", detail)


def _row(number: int, code: str, said: dict[str, str], currency: str) -> CardRow:
    return CardRow(
        line=number,
        code=code,
        balance_minor=_minor(said["balance"], currency) or 0,
        expires_on=_day(said.get("expires_on", "")),
        holder=said.get("holder", ""),
        pin=said.get("pin", ""),
    )


def _plain(code: str) -> str:
    return "".join(code.replace("-", " ").upper().split())


def _minor(text: str, currency: str) -> int | None:
    """Minor units of an amount above or at zero; None if it is none of this currency."""
    if not _AMOUNT.fullmatch(text):
        return None
    minor = Decimal(text).scaleb(exponent(currency))
    return int(minor) if minor == int(minor) and minor <= MAX_MINOR else None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
