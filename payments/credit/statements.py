"""What a house account was charged and what was paid, from a day to a day, with the balance running along. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

CHARGE: Final = "charge"
PAYMENT: Final = "payment"
REFUND: Final = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One movement: `amount` raises what is owed (below 0: lowers it)."""

    id: UUID
    kind: str
    at: dt.datetime
    business_date: dt.date
    amount_minor: int
    order_id: UUID | None = None
    tender: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """An entry with what is owed after it."""

    entry: Entry
    balance_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A house account over days; both days are in it."""

    code: str
    name: str
    contact: str
    currency: str
    first: dt.date
    last: dt.date
    opening_minor: int
    lines: tuple[StatementLine, ...]

    @property
    def charged_minor(self) -> int:
        """What was bought, less what came back."""
        return sum(line.entry.amount_minor for line in self.lines if line.entry.kind != PAYMENT)

    @property
    def paid_minor(self) -> int:
        """What was paid of it."""
        return -sum(line.entry.amount_minor for line in self.lines if line.entry.kind == PAYMENT)

    @property
    def closing_minor(self) -> int:
        """What is owed at the end."""
        return self.opening_minor + sum(line.entry.amount_minor for line in self.lines)


def running(*, opening_minor: int, entries: Iterable[Entry]) -> Sequence[StatementLine]:
    """The entries in the order of time, each with the balance after it."""
    lines = []
    balance = opening_minor
    for entry in sorted(entries, key=lambda each: (each.business_date, each.at, each.id)):
        balance += entry.amount_minor
        lines.append(StatementLine(entry=entry, balance_minor=balance))
    return lines
