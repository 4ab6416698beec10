"""Papers about the drawer and the books, as values: slips, X and Z reports, statements. Pure.

All of them are facts about the paper and sections of rows; a `key` is a word of `Labels.terms`, in the language of
the paper, a `text` the merchant's own.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

DRAWER_SLIP: Final = "drawer_slip"
X_REPORT: Final = "x"
Z_REPORT: Final = "z"
LATE_ENTRY: Final = "late"
STATEMENT: Final = "statement"
VALUE_SLIP: Final = "value_slip"
SHEET_KINDS: Final = (DRAWER_SLIP, X_REPORT, Z_REPORT, LATE_ENTRY, STATEMENT, VALUE_SLIP)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFact:
    """Something about the paper as a whole: who, when, why."""

    key: str
    text: str = ""
    at: dt.datetime | None = None
    day: dt.date | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row. Its name is `text`, or the word for `key`; `count` is how many there were."""

    key: str = ""
    text: str = ""
    count: int | None = None
    amount_minor: int | None = None
    is_sum: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSection:
    """Rows under a title."""

    key: str
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDocument:
    """A whole paper. `at` is aware, in the location's zone; `is_signed`: with a line for a signature."""

    kind: str
    language: str
    currency: str
    merchant: str
    location: str
    address: tuple[str, ...]
    number: str
    register: str
    employee: str
    at: dt.datetime
    business_date: dt.date
    facts: tuple[SheetFact, ...]
    sections: tuple[SheetSection, ...]
    tax_number: str = ""
    is_signed: bool = False
    is_training: bool = False
