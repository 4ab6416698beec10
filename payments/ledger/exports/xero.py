"""Xero's import of manual journals: https://help.xero.com/nz/ManualJournalsImport.

CSV in UTF-8 with the columns of Xero's own template. Rows of one narration and date are one journal: here a
business day, added up by account, debits above zero and credits below. Accounts are the codes of the chart in
Xero (our numbers). Dates are dd/mm/yyyy. Taxes are booked as amounts, so no row has a rate: `Tax Exempt`, which
every organisation has. Xero takes 300 rows in one file; a week of most shops fits.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from payments.ledger.entries import Entry
from payments.ledger.exports.base import ExportFacts, amount, days, quoted

ENCODING: Final = "utf-8"
COLUMNS: Final = (
    "*Narration",
    "*Date",
    "Description",
    "*AccountCode",
    "*TaxRate",
    "*Amount",
    "TrackingName1",
    "TrackingOption1",
    "TrackingName2",
    "TrackingOption2",
)
_NO_TAX: Final = "Tax Exempt"


def lines(entries: Iterable[Entry], facts: ExportFacts) -> Iterator[str]:
    """The header, then the rows of each day."""
    yield ",".join(COLUMNS) + "\r\n"
    for day, rows in days(entries):
        for row in rows:
            fields = (
                quoted(f"Fynlo {day.isoformat()}"),
                f"{day:%d/%m/%Y}",
                quoted(row.name),
                quoted(row.account),
                quoted(_NO_TAX),
                amount(row.debit_minor - row.credit_minor, facts.currency),
                "",
                "",
                "",
                "",
            )
            yield ",".join(fields) + "\r\n"


def filename(facts: ExportFacts) -> str:
    """The name of the file."""
    return f"xero-{facts.since}-{facts.until}.csv"
