"""Which accounts a refund moves: what the sale moved, the other way round. Pure.

Sales, taxes and tips go back through the receivable, and from there to whoever is given money. Worked numbers:
`docs/algorithms/refunds.md`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from payments.ledger.accounts import RECEIVABLE, ROUNDING, SERVICE_CHARGE, TIPS
from pos.orders.refund_shares import CHARGES, Amounts
from pos.orders.transfers import sales_account, tax_account

REFUND: Final = "refund"
ROUNDED: Final = "rounding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A transfer of a refund; `part` is the number of the money it is about, None for the sale."""

    debit: str
    credit: str
    amount_minor: int
    kind: str
    part: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOut:
    """Money from an account of the books: `given` is handed out for `amount`."""

    account: str
    amount_minor: int
    given_minor: int


def refund_moves(*, amounts: Amounts, tip_minor: int, money: Sequence[MoneyOut]) -> list[Move]:
    """The transfers of a refund of these amounts that is given back so."""
    moves: list[Move] = []
    for name, net in amounts.nets.items():
        account = SERVICE_CHARGE if name == CHARGES else sales_account(name)
        moves += _move(account, RECEIVABLE, net, REFUND)
    owed: Counter[str] = Counter()
    for key, part in amounts.taxes.items():
        rate = None if key.per_unit_minor is not None else Decimal(key.rate)
        owed[tax_account(key.code, rate)] += part.tax_minor
    for account in sorted(owed):
        moves += _move(account, RECEIVABLE, owed[account], REFUND)
    moves += _move(TIPS, RECEIVABLE, tip_minor, REFUND)
    for number, out in enumerate(money):
        moves += _move(RECEIVABLE, out.account, out.given_minor, REFUND, number)
        moves += _move(RECEIVABLE, ROUNDING, out.amount_minor - out.given_minor, ROUNDED, number)
    return moves


def moved(moves: Iterable[Move], account: str) -> int:
    """Debits less credits of an account."""
    return sum(move.amount_minor * ((move.debit == account) - (move.credit == account)) for move in moves)


def _move(debit: str, credit: str, amount_minor: int, kind: str, part: int | None = None) -> list[Move]:
    """One transfer; what is below zero goes the other way, nothing is moved for nothing."""
    if amount_minor < 0:
        debit, credit, amount_minor = credit, debit, -amount_minor
    if not amount_minor:
        return []
    return [Move(debit=debit, credit=credit, amount_minor=amount_minor, kind=kind, part=part)]
