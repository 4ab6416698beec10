"""How a payout is booked: what reached the bank, what the vendor kept, and out of which accounts. Pure.

Every group of lines moves its net to (or from) the bank and its fee to `fees`. Together with what the lines do not
explain that is the payout, to the cent.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from payments.ledger.accounts import BANK, FEES, PAYOUTS_UNEXPLAINED


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of a payout that belong to one posting key. `net = gross - fee`; a fee above zero was kept."""

    key: str
    gross_minor: int
    fee_minor: int

    @property
    def net_minor(self) -> int:
        """What of it reached the bank."""
        return self.gross_minor - self.fee_minor


@dataclass(frozen=True, slots=True)
class Move:
    """An amount above zero, from the credited to the debited posting key."""

    debit: str
    credit: str
    amount_minor: int


def payout_moves(*, amount_minor: int, groups: Iterable[Group]) -> list[Move]:
    """The moves of a payout; the bank's side of them adds up to `amount_minor`, whatever the lines say."""
    kept = sorted(groups, key=lambda group: group.key)
    moves = [move for group in kept for move in _moves(group)]
    return moves + _moved(BANK, PAYOUTS_UNEXPLAINED, unexplained(amount_minor=amount_minor, groups=kept))


def unexplained(*, amount_minor: int, groups: Iterable[Group]) -> int:
    """What of a payout its lines do not account for; 0 when all is well."""
    return amount_minor - sum(group.net_minor for group in groups)


def returned_moves(*, amount_minor: int) -> list[Move]:
    """A payout that came back: the bank has it no more, and the line of its return will clear the other side."""
    return _moved(PAYOUTS_UNEXPLAINED, BANK, amount_minor)


def moved_on(*, was: str, now: str, gross_minor: int) -> list[Move]:
    """Lines that were booked under `was` turn out to belong to `now`."""
    return _moved(was, now, gross_minor)


def _moves(group: Group) -> list[Move]:
    to_bank = _moved(BANK, group.key, group.net_minor)
    # A fee of a line that is a fee itself stays within the account.
    return to_bank if group.key == FEES else to_bank + _moved(FEES, group.key, group.fee_minor)


def _moved(debit: str, credit: str, amount_minor: int) -> list[Move]:
    if amount_minor == 0 or debit == credit:
        return []
    if amount_minor < 0:
        return [Move(credit, debit, -amount_minor)]
    return [Move(debit, credit, amount_minor)]
