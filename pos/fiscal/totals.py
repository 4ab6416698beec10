"""The totals for ever of a register, added up from its entries, to be held against those a checkpoint signed."""

import json
from typing import Any, Final

from pos.fiscal.entries import SealedEntry
from pos.fiscal.kinds import REFUND, SALE

_ADDS: Final = {SALE: 0, REFUND: 1}
"""Which total an entry raises: sales the grand total, refunds theirs. Nothing lowers one."""

Totals = tuple[int, int]


class RunningTotals:
    """Adds up sales and refunds from a known pair of totals on; `now` is None while none is known."""

    def __init__(self, start: Totals | None) -> None:
        self.now = start

    def see(self, entry: SealedEntry) -> None:
        """Add the entry's total, if it is a sale or a refund. An amount that cannot be read ends the knowing."""
        place = _ADDS.get(entry.kind)
        if place is None or self.now is None:
            return
        amount = read_minor(_member(entry.body, "total"))
        if amount is None:
            self.now = None
        else:
            sales, refunds = self.now
            self.now = (sales + amount, refunds) if place == 0 else (sales, refunds + amount)


def read_minor(text: Any) -> int | None:
    """An amount such as `12.50` as whole minor units of its currency; None for anything else."""
    if not isinstance(text, str):
        return None
    digits = text.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        return None
    return int(text.replace(".", "", 1))


def _member(body: str, name: str) -> Any:
    try:
        read = json.loads(body)
    except ValueError:
        return None
    return read.get(name) if isinstance(read, dict) else None
