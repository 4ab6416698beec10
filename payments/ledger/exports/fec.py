"""Fichier des écritures comptables: article A. 47 A-1 of the French Livre des procédures fiscales.

Eighteen columns in the order of the article (VII, 1°), separated by tabs, records ended by CRLF, ISO 8859-15,
dates YYYYMMDD, decimal comma. The file is named `<SIREN>FEC<closing date>.txt`. It holds a fiscal year from its
first day; entries stand in the order they were recorded, so the dense `EcritureNum` of one that was given out never
changes. Account numbers begin with three digits.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from payments.ledger.entries import Entry
from payments.ledger.exports.base import ExportFacts, amount, plain

ENCODING: Final = "iso8859-15"
COLUMNS: Final = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
_SALES: Final = ("VE", "Ventes")
_CASH: Final = ("CA", "Caisse")
_STOCK: Final = ("ST", "Stocks")
_OTHER: Final = ("OD", "Opérations diverses")
_JOURNALS: Final = {
    **dict.fromkeys(("sale", "tax", "service_charge", "tip", "refund"), _SALES),
    **dict.fromkeys(("payment", "change", "rounding", "over_short"), _CASH),
    **dict.fromkeys(("cost", "stock", "stock_from_before"), _STOCK),
}
_SIREN_DIGITS: Final = 9


def lines(entries: Iterable[Entry], facts: ExportFacts) -> Iterator[str]:
    """The names of the columns, then two records per entry: debit and credit."""
    del facts
    yield "\t".join(COLUMNS) + "\r\n"
    for number, entry in enumerate(entries, 1):
        value = amount(entry.amount_minor, entry.currency, comma=True)
        yield _record(entry, number, entry.debit, entry.debit_name, value, "0,00")
        yield _record(entry, number, entry.credit, entry.credit_name, "0,00", value)


def filename(facts: ExportFacts) -> str:
    """The name of the file."""
    return f"{facts.siren}FEC{facts.until:%Y%m%d}.txt"


def problem(facts: ExportFacts) -> str | None:
    """Why these books make no such file; None when they do."""
    if len(facts.siren) != _SIREN_DIGITS:
        return "The file is named after the SIREN: state payments.books.siren in the configuration."
    if facts.since != facts.year_start:
        return "The file begins with the fiscal year; ask from its first day."
    next_year = facts.year_start.replace(year=facts.year_start.year + 1)
    if facts.until >= next_year:
        return "The file holds one fiscal year; ask for fewer days."
    odd = sorted(number for number in facts.account_numbers if not number[:3].isdigit() or len(number) < 3)  # noqa: PLR2004
    return f"These accounts need a number of at least three digits: {', '.join(odd)}." if odd else None


def _record(entry: Entry, number: int, account: str, name: str, debit: str, credit: str) -> str:
    code, label = _JOURNALS.get(entry.kind, _OTHER)
    day = f"{entry.business_date:%Y%m%d}"
    fields = (
        code,
        label,
        str(number),
        day,
        account,
        plain(name),
        "",
        "",
        str(entry.order_id or entry.id),
        day,
        plain(entry.text),
        debit,
        credit,
        "",
        "",
        f"{max(entry.at.date(), entry.business_date):%Y%m%d}",
        "",
        "",
    )
    return "\t".join(fields) + "\r\n"
