"""How tenders settle what is due: what each one pays, what goes back as change, and what cash rounding gives. Pure.

Foreign notes pay next, and what they are worth beyond what is left goes back in the merchant's own coins: the
change is rounded then, because notes of another currency are worth what no coins can make.

What cannot give change settles first, cash settles the rest; so a guest who hands over a card and a note
gets the note's surplus back, whatever was typed first. Only what is left for cash is rounded, and only when
the cash is enough to pay it: a country without small coins rounds the last payment, not the price.
"""

from collections.abc import Callable, Collection, Sequence
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
    foreign: Collection[int] = (),
) -> tuple[Share, ...]:
    """The share of each tender `(tendered_minor, gives_change)`, in the same order; `foreign` are places of notes.

    What gives no change pays all it was tendered, also beyond the total: whether that is allowed is the
    caller's rule. Cash pays at most what `round_cash` makes of what is left, and gives the rest back.
    """
    left = total_minor - sum(tendered for tendered, gives_change in tenders if not gives_change)
    notes: dict[int, Share] = {}
    for place in sorted(foreign):
        notes[place] = _in_notes(tenders[place][0], max(left, 0), round_cash)
        left -= notes[place].amount_minor
    own = [place for place, (_, gives_change) in enumerate(tenders) if gives_change and place not in notes]
    cash = sum(tenders[place][0] for place in own)
    in_cash = max(left, 0)
    rounded = round_cash(in_cash)
    rounding = in_cash - rounded if cash >= rounded else 0
    in_cash -= rounding
    shares = []
    for place, (tendered, _) in enumerate(tenders):
        if place not in own:
            shares.append(notes.get(place) or Share(tendered_minor=tendered, amount_minor=tendered))
            continue
        paid = min(tendered, in_cash)
        in_cash -= paid
        given = 0 if in_cash else rounding  # whoever completes the payment carries the rounding
        rounding -= given
        shares.append(Share(tendered_minor=tendered, amount_minor=paid + given, rounding_minor=given))
    return tuple(shares)


def _in_notes(worth_minor: int, left_minor: int, round_cash: Callable[[int], int]) -> Share:
    """Foreign notes worth so much pay what is left; the change is what own coins can make of the rest."""
    if worth_minor <= left_minor:
        return Share(tendered_minor=worth_minor, amount_minor=worth_minor)
    change = min(round_cash(worth_minor - left_minor), worth_minor)
    return Share(
        tendered_minor=worth_minor,
        amount_minor=left_minor,
        rounding_minor=left_minor + change - worth_minor,
    )
