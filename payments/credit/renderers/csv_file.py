"""A statement as a CSV file (RFC 4180): UTF-8 with its mark, every cell in quotes, amounts in major units.

What a spreadsheet would calculate is written so that it does not. Pure.
"""

import csv
import io
from collections.abc import Iterator
from typing import Final

from fynlo.core.characters import printable
from fynlo.core.clock import rfc3339
from fynlo.core.money import Money, format_money
from payments.credit.statements import Statement

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
COLUMNS: Final = (
    "account",
    "name",
    "date",
    "at",
    "kind",
    "tender",
    "reference",
    "amount",
    "balance",
    "currency",
)
_FORMULA: Final = frozenset("=+-@\t\r")


def render_csv(*, statement: Statement) -> bytes:
    """One row for the opening balance, one for each entry, one for the closing balance."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(statement))
    return out.getvalue().encode("utf-8-sig")


def _rows(statement: Statement) -> Iterator[list[str]]:
    def amount(minor: int) -> str:
        return format_money(Money(minor, statement.currency))

    head = [_text(statement.code), _text(statement.name)]
    currency = statement.currency
    opening = amount(statement.opening_minor)
    yield [*head, statement.first.isoformat(), "", "opening", "", "", "", opening, currency]
    for line in statement.lines:
        entry = line.entry
        yield [
            *head,
            entry.business_date.isoformat(),
            rfc3339(entry.at),
            entry.kind,
            _text(entry.tender),
            _text(entry.reference),
            amount(entry.amount_minor),
            amount(line.balance_minor),
            currency,
        ]
    closing = amount(statement.closing_minor)
    yield [*head, statement.last.isoformat(), "", "closing", "", "", "", closing, currency]


def _text(text: str) -> str:
    """One printable line that no spreadsheet calculates."""
    line = printable(text)
    return f"'{line}" if line[:1] in _FORMULA else line
