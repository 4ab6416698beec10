"""DATEV-Format, Buchungsstapel: category 21, format version 13, header version 700.

As published at https://developer.datev.de/de/file-format/details/datev-format/format-description/booking-batch
(header: …/format-description/header). Semicolons, texts in quotes, decimal comma, CRLF, Windows-1252, the name
begins with EXTF_. A line is a transfer: `Konto` is debited (S), `Gegenkonto` credited. Accounts are numbers of at
most nine digits. Taxes are booked in transfers of their own, so for accounts that work them out by themselves
(SKR03 8300 and 8400, SKR04 4300 and 4400) that is switched off by the key 40. A batch lies within one fiscal year.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from payments.ledger.entries import Entry
from payments.ledger.exports.base import ExportFacts, amount, plain, quoted

ENCODING: Final = "cp1252"
AUTOMATIC: Final = {"03": frozenset({"8300", "8400"}), "04": frozenset({"4300", "4400"})}
_SKR03_CASH: Final = "1000"
_SKR04_CASH: Final = "1600"
_NO_AUTOMATIC: Final = "40"
_LONGEST_TEXT: Final = 60
_SHORTEST_ACCOUNT: Final = 4
_LONGEST_AMOUNT: Final = 10**12
"""Ten digits before the comma and two after it; more is split into several lines."""

_HEAD_COLUMNS: Final = (
    "Umsatz (ohne Soll/Haben-Kz)",
    "Soll/Haben-Kennzeichen",
    "WKZ Umsatz",
    "Kurs",
    "Basis-Umsatz",
    "WKZ Basis-Umsatz",
    "Konto",
    "Gegenkonto (ohne BU-Schlüssel)",
    "BU-Schlüssel",
    "Belegdatum",
    "Belegfeld 1",
    "Belegfeld 2",
    "Skonto",
    "Buchungstext",
    "Postensperre",
    "Diverse Adressnummer",
    "Geschäftspartnerbank",
    "Sachverhalt",
    "Zinssperre",
    "Beleglink",
)
_MIDDLE_COLUMNS: Final = (
    "KOST1 - Kostenstelle",
    "KOST2 - Kostenstelle",
    "Kost-Menge",
    "EU-Land u. UStID (Bestimmung)",
    "EU-Steuersatz (Bestimmung)",
    "Abw. Versteuerungsart",
    "Sachverhalt L+L",
    "Funktionsergänzung L+L",
    "BU 49 Hauptfunktionstyp",
    "BU 49 Hauptfunktionsnummer",
    "BU 49 Funktionsergänzung",
)
_TAIL_COLUMNS: Final = (
    "Stück",
    "Gewicht",
    "Zahlweise",
    "Forderungsart",
    "Veranlagungsjahr",
    "Zugeordnete Fälligkeit",
    "Skontotyp",
    "Auftragsnummer",
    "Buchungstyp",
    "USt-Schlüssel (Anzahlungen)",
    "EU-Land (Anzahlungen)",
    "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)",
    "Erlöskonto (Anzahlungen)",
    "Herkunft-Kz",
    "Buchungs GUID",
    "KOST-Datum",
    "SEPA-Mandatsreferenz",
    "Skontosperre",
    "Gesellschaftername",
    "Beteiligtennummer",
    "Identifikationsnummer",
    "Zeichnernummer",
    "Postensperre bis",
    "Bezeichnung SoBil-Sachverhalt",
    "Kennzeichen SoBil-Buchung",
    "Festschreibung",
    "Leistungsdatum",
    "Datum Zuord. Steuerperiode",
    "Fälligkeit",
    "Generalumkehr (GU)",
    "Steuersatz",
    "Land",
    "Abrechnungsreferenz",
    "BVV-Position",
    "EU-Land u. UStID (Ursprung)",
    "EU-Steuersatz (Ursprung)",
    "Abw. Skontokonto",
)
COLUMNS: Final = (
    *_HEAD_COLUMNS,
    *(f"Beleginfo - {what} {number}" for number in range(1, 9) for what in ("Art", "Inhalt")),
    *_MIDDLE_COLUMNS,
    *(
        name
        for number in range(1, 21)
        for name in (f"Zusatzinformation - Art {number}", f"Zusatzinformation- Inhalt {number}")
    ),
    *_TAIL_COLUMNS,
)


def lines(entries: Iterable[Entry], facts: ExportFacts) -> Iterator[str]:
    """The header, the names of the columns, then a line per entry."""
    chart = _chart(facts)
    yield _header(facts, chart)
    yield ";".join(COLUMNS) + "\r\n"
    for entry in entries:
        left = entry.amount_minor
        while left:
            part = min(left, _LONGEST_AMOUNT - 1)
            yield _line(entry, part, AUTOMATIC.get(chart, frozenset()))
            left -= part


def filename(facts: ExportFacts) -> str:
    """The name of the file."""
    return f"EXTF_Buchungsstapel_{facts.since:%Y%m%d}_{facts.until:%Y%m%d}.csv"


def problem(facts: ExportFacts) -> str | None:
    """Why these books make no batch; None when they do."""
    odd = sorted(number for number in facts.account_numbers if not (number.isascii() and number.isdigit()))
    if odd or any(len(number) > 9 for number in facts.account_numbers):  # noqa: PLR2004
        return f"These accounts need a number of at most nine digits: {', '.join(odd) or 'some are longer'}."
    next_year = facts.year_start.replace(year=facts.year_start.year + 1)
    return None if facts.until < next_year else "A batch lies within one fiscal year; ask for fewer days."


def _chart(facts: ExportFacts) -> str:
    """Which standard chart the numbers are of, told by the cash account; empty when neither."""
    if _SKR03_CASH in facts.account_numbers and _SKR04_CASH not in facts.account_numbers:
        return "03"
    return "04" if _SKR04_CASH in facts.account_numbers and "8400" not in facts.account_numbers else ""


def _header(facts: ExportFacts, chart: str) -> str:
    length = max([_SHORTEST_ACCOUNT, *map(len, facts.account_numbers)])
    made = facts.made_at.strftime("%Y%m%d%H%M%S") + f"{facts.made_at.microsecond // 1000:03}"
    fields = [
        '"EXTF"',
        "700",
        "21",
        '"Buchungsstapel"',
        "13",
        made,
        "",
        '"RE"',
        '"Fynlo"',
        '""',
        str(facts.consultant),
        str(facts.client),
        f"{facts.year_start:%Y%m%d}",
        str(length),
        f"{facts.since:%Y%m%d}",
        f"{facts.until:%Y%m%d}",
        quoted(facts.merchant[:30]),
        '""',
        "1",
        "0",
        "0",
        f'"{facts.currency}"',
        "",
        '""',
        "",
        "",
        f'"{chart}"',
        "",
        "",
        '""',
        '""',
    ]
    return ";".join(fields) + "\r\n"


def _line(entry: Entry, amount_minor: int, automatic: frozenset[str]) -> str:
    key = _NO_AUTOMATIC if automatic & {entry.debit, entry.credit} else ""
    fields = [
        amount(amount_minor, entry.currency, comma=True),
        '"S"',
        f'"{entry.currency}"',
        "",
        "",
        '""',
        entry.debit,
        entry.credit,
        f'"{key}"',
        f"{entry.business_date:%d%m}",
        quoted(str(entry.order_id or entry.id)),
        '""',
        "",
        quoted(plain(entry.text)[:_LONGEST_TEXT]),
    ]
    return ";".join([*fields, *[""] * (len(COLUMNS) - len(fields))]) + "\r\n"
