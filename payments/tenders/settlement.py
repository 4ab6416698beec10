"""How tenders settle what is due: what each one pays, what goes back as change, and what cash rounding gives. Pure.

What cannot give change settles first, cash settles the rest; so a guest who hands over a card and a note
gets the note's surplus back, whatever was typed first. Only what is left for cash is rounded, and only when
the cash is enough to pay it: a country without small coins rounds the last payment, not the price.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one tender did: `tendered_minor` was handed over, `amount_minor` of it pays, the rest went back.

    `rounding_minor` is what cash rounding gave the guest (negative: took): it pays along.
    """

    tendered_minor: int
    amount_minor: int
    rounding_minor: int = 0

    @property
    def change_minor(self) -> int:
        """What went back."""
        return self.tendered_minor + self.rounding_minor - self.amount_minor


def _exactly(due_minor: int) -> int:
    """Cash as it is: nothing is rounded."""
    return due_minor


def settle(
    *,
    total_minor: int,
    tenders: Sequence[tuple[int, bool]],
    round_cash: Callable[[int], int] = _exactly,
) -> tuple[Share, ...]:
    """The share of each tender `(tendered_minor, gives_change)`, in the same order.

    What gives no change pays all it was tendered, also beyond the total: whether that is allowed is the
    caller's rule. Cash pays at most what `round_cash` makes of what is left, and gives the rest back.
    """
    left = total_minor - sum(tendered for tendered, gives_change in tenders if not gives_change)
    cash = sum(tendered for tendered, gives_change in tenders if gives_change)
    in_cash = max(left, 0)
    rounded = round_cash(in_cash)
    rounding = in_cash - rounded if cash >= rounded else 0
    in_cash -= rounding
    shares = []
    for tendered, gives_change in tenders:
        if not gives_change:
            shares.append(Share(tendered_minor=tendered, amount_minor=tendered))
            continue
        paid = min(tendered, in_cash)
        in_cash -= paid
        given = 0 if in_cash else rounding  # whoever completes the payment carries the rounding
        rounding -= given
        shares.append(Share(tendered_minor=tendered, amount_minor=paid + given, rounding_minor=given))
    return tuple(shares)
