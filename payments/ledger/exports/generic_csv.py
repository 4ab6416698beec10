"""The journal as a table: one line per transfer, everything that is known of it. UTF-8, commas, CRLF (RFC 4180).

Every field is in quotes, and no text can be taken for a formula (trap 33).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from payments.ledger.entries import Entry
from payments.ledger.exports.base import ExportFacts, amount, quoted

ENCODING: Final = "utf-8"
_COLUMNS: Final = (
    "id",
    "business_date",
    "at",
    "kind",
    "debit_account",
    "debit_name",
    "debit_key",
    "credit_account",
    "credit_name",
    "credit_key",
    "amount",
    "currency",
    "order_id",
)


def lines(entries: Iterable[Entry], facts: ExportFacts) -> Iterator[str]:
    """The header, then a line per entry."""
    del facts
    yield ",".join(quoted(name) for name in _COLUMNS) + "\r\n"
    for entry in entries:
        fields = (
            str(entry.id),
            entry.business_date.isoformat(),
            entry.at.isoformat(timespec="milliseconds"),
            entry.kind,
            entry.debit,
            entry.debit_name,
            entry.debit_key,
            entry.credit,
            entry.credit_name,
            entry.credit_key,
            amount(entry.amount_minor, entry.currency),
            entry.currency,
            "" if entry.order_id is None else str(entry.order_id),
        )
        yield ",".join(quoted(field) for field in fields) + "\r\n"


def filename(facts: ExportFacts) -> str:
    """The name of the file."""
    return f"journal-{facts.since}-{facts.until}.csv"
