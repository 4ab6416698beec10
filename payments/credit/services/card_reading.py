"""What a file of cards would do: its rows, the codes as they are kept, and what speaks against them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from fynlo.core.errors import InvalidInput
from fynlo.core.tenancy import current_tenant
from payments.credit.card_files import (
    MOST_PINS,
    MOST_ROWS,
    CardProblem,
    CardRow,
    UnreadableFile,
    Written,
)
from payments.credit.codes import Presented, presented
from payments.credit.errors import GiftCardCodeTaken
from payments.credit.models import StoredValue
from payments.credit.ports import read_cards


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsRead:
    """Rows that are right by themselves, the code of each line as it is kept, and all problems."""

    rows: tuple[CardRow, ...]
    codes: dict[int, Presented]
    problems: tuple[CardProblem, ...]
    header_line: int
    currency: str

    @property
    def total_minor(self) -> int:
        """What would be owed for them."""
        return sum(row.balance_minor for row in self.rows)

    @property
    def pins_count(self) -> int:
        """Rows with a PIN, which take their time."""
        return sum(bool(row.pin) for row in self.rows)

    def expired_count(self, *, day: dt.date) -> int:
        """Rows whose last day is over on `day`."""
        return sum(row.expires_on is not None and row.expires_on < day for row in self.rows)


def look_at_cards(*, content: bytes, written: Written, is_waited_for: bool = False) -> CardsRead:
    """Read a file and hold it against the cards that are here; writes nothing.

    `is_waited_for`: as many PINs as somebody can wait for. Raises `InvalidInput` for what is no file of cards.
    """
    currency = current_tenant().currency
    try:
        table = read_cards(data=content, currency=currency, written=written)
    except UnreadableFile as error:
        raise InvalidInput(str(error)) from error
    if len(table.rows) + len({each.line for each in table.problems}) > MOST_ROWS:
        raise InvalidInput(f"A file has up to {MOST_ROWS} cards.")
    if is_waited_for and sum(bool(row.pin) for row in table.rows) > MOST_PINS:
        raise InvalidInput(f"A file has up to {MOST_PINS} cards with a PIN.")
    codes = {row.line: presented(row.code) for row in table.rows}
    problems = [*table.problems, *_taken(table.rows, codes)]
    return CardsRead(
        rows=table.rows,
        codes=codes,
        problems=tuple(sorted(problems, key=lambda each: each.line)),
        header_line=table.header_line,
        currency=currency,
    )


def _taken(rows: Iterable[CardRow], codes: dict[int, Presented]) -> list[CardProblem]:
    digests = [each.digest for each in codes.values()]
    known = set(
        StoredValue.objects.filter(code_digest__in=digests)
        .order_by("id")
        .values_list("code_digest", flat=True)
    )
    reason = "there is a card with this code already"
    return [
        CardProblem(row.line, "code", reason, GiftCardCodeTaken.code)
        for row in rows
        if codes[row.line].digest in known
    ]
