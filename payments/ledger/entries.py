"""A line of the journal, as exports see it. Pure."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from payments.ledger.accounts import RECEIVABLE


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
        """What it is, in words that say something to a person: the kind, and the key that is not `receivable`."""
        debit, credit = self.debit_key or self.debit, self.credit_key or self.credit
        return f"{self.kind} {debit if credit == RECEIVABLE else credit}"
