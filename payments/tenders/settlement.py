"""How tenders settle a total: what each one pays, and what goes back as change. Pure.

What cannot give change settles first, cash settles the rest; so a guest who hands over a card and a note
gets the note's surplus back, whatever was typed first.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one tender did: `tendered_minor` was handed over, `amount_minor` of it pays, the rest went back."""

    tendered_minor: int
    amount_minor: int

    @property
    def change_minor(self) -> int:
        """What went back."""
        return self.tendered_minor - self.amount_minor


def settle(*, total_minor: int, tenders: Sequence[tuple[int, bool]]) -> tuple[Share, ...]:
    """The share of each tender `(tendered_minor, gives_change)`, in the same order.

    What gives no change pays all it was tendered, also beyond the total: whether that is allowed is the
    caller's rule. Cash pays at most what is left and gives the rest back.
    """
    left = total_minor - sum(tendered for tendered, gives_change in tenders if not gives_change)
    shares = []
    for tendered, gives_change in tenders:
        amount = tendered
        if gives_change:
            amount = min(tendered, max(left, 0))
            left -= amount
        shares.append(Share(tendered_minor=tendered, amount_minor=amount))
    return tuple(shares)
