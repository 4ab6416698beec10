"""Kinds of cash movements made by hand: which way money goes, between which accounts, who must allow it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from payments.ledger.accounts import CASH, CASH_OVER_SHORT, PAID_IN, PAID_OUT, SAFE, TIPS
from payments.ledger.services import Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementKind:
    """One kind. `sign` is 1 into the drawer, -1 out of it, 0 for none; None where the amount says it.

    `account` is the other side of the cash in the books. A `limited` one counts against `paid_out_minor`; an
    `approved` one needs somebody who may approve, whatever the amount.
    """

    sign: int | None
    account: str
    limited: bool = False
    approved: bool = False


MOVEMENTS: Final[Mapping[str, MovementKind]] = MappingProxyType(
    {
        "paid_in": MovementKind(sign=1, account=PAID_IN),
        "paid_out": MovementKind(sign=-1, account=PAID_OUT, limited=True),
        "drop": MovementKind(sign=-1, account=SAFE),
        "pickup": MovementKind(sign=1, account=SAFE),
        "tip_out": MovementKind(sign=-1, account=TIPS, limited=True),
        "no_sale": MovementKind(sign=0, account=""),
        "correction": MovementKind(sign=None, account=CASH_OVER_SHORT, approved=True),
    }
)


def signed_amount(*, kind: str, amount_minor: int) -> int | None:
    """What the movement adds to the drawer, below zero when it takes; None for an amount the kind cannot have."""
    sign = MOVEMENTS[kind].sign
    if sign is None:
        return amount_minor or None
    if sign == 0:
        return None if amount_minor else 0
    return sign * amount_minor if amount_minor > 0 else None


def movement_posting(*, kind: str, signed_minor: int, drawer: str = CASH) -> Posting | None:
    """The transfer of a movement; None when nothing moved. `drawer` is the account of what moved."""
    if not signed_minor:
        return None
    other = MOVEMENTS[kind].account
    debit, credit = (drawer, other) if signed_minor > 0 else (other, drawer)
    return Posting(debit=debit, credit=credit, amount_minor=abs(signed_minor), kind=kind)
