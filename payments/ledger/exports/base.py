"""What every export knows of the merchant, and how texts and amounts are written. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fynlo.core.money import Money, exponent
from payments.ledger.entries import Entry

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFacts:
    """What stands beside the entries: whose books, which days, when the file was made.

    `account_numbers` are those that were moved. `consultant` and `client` are DATEV's numbers of the accountant
    and of the merchant there, `siren` the French number of the enterprise.
    """

    merchant: str
    currency: str
    since: dt.date
    until: dt.date
    made_at: dt.datetime
    year_start: dt.date
    account_numbers: frozenset[str] = frozenset()
    consultant: int = 1001
    client: int = 1
    siren: str = ""


@dataclass(frozen=True, slots=True)
class DayLine:
    """What one account was debited or credited on one business day, in minor units; one of the two is zero."""

    account: str
    name: str
    debit_minor: int
    credit_minor: int


def plain(text: str) -> str:
    """A text in one line and without control characters that no spreadsheet takes for a formula (trap 33)."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def quoted(text: str) -> str:
    """The same in quotes, as CSV has them."""
    return '"' + plain(text).replace('"', '""') + '"'


def amount(minor: int, currency: str, *, comma: bool = False) -> str:
    """An amount with a point or a comma and the currency's own digits, at least two of them; no grouping."""
    places = max(exponent(currency), 2)
    value = Decimal(minor).scaleb(-exponent(currency))
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if comma else text


def money(entry: Entry) -> Money:
    """The amount of an entry."""
    return Money(entry.amount_minor, entry.currency)


def days(entries: Iterable[Entry]) -> Iterator[tuple[dt.date, list[DayLine]]]:
    """Entries (which come by business day) added up by day and account: debits and credits apart.

    Holds one day's accounts at a time.
    """
    day: dt.date | None = None
    sums: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        if day is not None and entry.business_date != day:
            yield day, _lines(sums)
            sums = {}
        day = entry.business_date
        sums.setdefault((entry.debit, entry.debit_name), [0, 0])[0] += entry.amount_minor
        sums.setdefault((entry.credit, entry.credit_name), [0, 0])[1] += entry.amount_minor
    if day is not None:
        yield day, _lines(sums)


def _lines(sums: dict[tuple[str, str], list[int]]) -> list[DayLine]:
    found = []
    for (account, name), (debit, credit) in sorted(sums.items()):
        if debit:
            found.append(DayLine(account, name, debit, 0))
        if credit:
            found.append(DayLine(account, name, 0, credit))
    return found
