"""A line of the journal, as exports see it. Pure."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """A transfer with what the accountant knows its accounts by. `number` falls back to the account's code."""

    id: UUID
    business_date: dt.date
    at: dt.datetime
    kind: str
    debit: str
    debit_name: str
    credit: str
    credit_name: str
    debit_key: str
    credit_key: str
    amount_minor: int
    currency: str
    order_id: UUID | None

    @property
    def text(self) -> str:
        """What it is, in words that mean something to a person: the kind and the keys."""
        return f"{self.kind} {self.credit_key or self.credit}"
