"""QuickBooks' import of transactions (IIF), as general journal entries.

Described in Intuit's "IIF overview: import kit, sample files, and headers"
(https://quickbooks.intuit.com/learn-support/en-us/help-article/import-export-data-files/iif-overview-import-kit-sample-files-headers/L5CZIpJne_US_en_US).
Tabs, CRLF, three header lines that name the columns; each entry is one TRNS line, SPL lines and ENDTRNS, and its
amounts add up to zero: debits above, credits below. An entry is a business day, added up by account. Dates are
MM/DD/YYYY. Accounts are found by their names in QuickBooks, so those are to be the names of this chart.
Windows-1252, as QuickBooks Desktop reads it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from payments.ledger.entries import Entry
from payments.ledger.exports.base import ExportFacts, amount, days, plain

ENCODING: Final = "cp1252"
_HEADERS: Final = (
    "!TRNS\tTRNSID\tTRNSTYPE\tDATE\tACCNT\tCLASS\tAMOUNT\tDOCNUM\tMEMO\r\n",
    "!SPL\tSPLID\tTRNSTYPE\tDATE\tACCNT\tCLASS\tAMOUNT\tDOCNUM\tMEMO\r\n",
    "!ENDTRNS\r\n",
)
_TYPE: Final = "GENERAL JOURNAL"


def lines(entries: Iterable[Entry], facts: ExportFacts) -> Iterator[str]:
    """The headers, then an entry per day."""
    yield from _HEADERS
    for day, rows in days(entries):
        for index, row in enumerate(rows):
            fields = (
                "TRNS" if index == 0 else "SPL",
                "",
                _TYPE,
                f"{day:%m/%d/%Y}",
                plain(row.name),
                "",
                amount(row.debit_minor - row.credit_minor, facts.currency),
                f"{day:%Y%m%d}",
                f"Fynlo {day.isoformat()}",
            )
            yield "\t".join(fields) + "\r\n"
        yield "ENDTRNS\r\n"


def filename(facts: ExportFacts) -> str:
    """The name of the file."""
    return f"quickbooks-{facts.since}-{facts.until}.iif"
