"""What tenders settle, what goes back by which of them, and what each account must come to, added up anew."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

from tests.properties.counter.amounts import GOODS, coins
from tests.properties.counter.model import Back, Paid, Refund, Sale, Session


def settle(due: int, tenders: Sequence[tuple[UUID, str, int]], increment: int) -> list[Paid]:
    """What each of (key, tender, handed over) settles: what gives no change first, cash the rest, in coins."""
    left = due - sum(amount for _, tender, amount in tenders if tender != "cash")
    cash = sum(amount for _, tender, amount in tenders if tender == "cash")
    rounding = left - coins(left, increment) if cash >= coins(left, increment) else 0
    found = []
    for key, tender, amount in tenders:
        if tender != "cash":
            found.append(Paid(key, tender, amount, amount))
            continue
        taken = min(amount, left - rounding)
        left -= taken
        given = rounding if left == rounding else 0
        left -= given
        rounding -= given
        found.append(Paid(key, tender, amount, taken + given, given))
    return found


def hand_out(payments: Sequence[Paid], amount: int, increment: int) -> list[Back]:
    """How so much goes back: by the ways it came, the latest payment first, cash last.

    Of cash as many coins come out as went in once all of a payment is back, before that the nearest there are.
    """
    found = []
    latest_first = payments[::-1]
    for payment in sorted(latest_first, key=lambda each: each.tender in ("cash", "exchange")):
        taken = min(payment.pays - payment.back, amount)
        if not taken:
            continue
        amount -= taken
        payment.back += taken
        upto = payment.back
        if payment.tender == "cash":
            kept = payment.tendered - payment.change
            upto = kept if payment.back == payment.pays else min(coins(payment.back, increment), kept)
        elif payment.tender == "exchange":
            upto = coins(payment.back, increment)
        given = max(upto - payment.given, 0)
        payment.given += given
        found.append(Back("cash" if payment.tender == "exchange" else payment.tender, taken, given))
    assert not amount
    return found


def balances(
    sales: Iterable[Sale], loose: Iterable[Refund], sessions: Iterable[Session], *, house: Iterable[int]
) -> Counter[str]:
    """What each account must come to, debits less credits; accounts with nothing on them are missing."""
    found: Counter[str] = Counter()
    for sale in sales:
        for account, amount in _of_sale(sale):
            found[account] += amount
        for refund in sale.refunds:
            _give_back(found, refund)
    for refund in loose:
        _give_back(found, refund)
    for session in sessions:
        for kind, amount in session.moves:
            if kind in MOVED:
                found["cash"] += amount
                found[MOVED[kind]] -= amount
        if session.closed_at is not None:
            found["cash"] += session.counted - session.expected
            found["cash_over_short"] -= session.counted - session.expected
    for amount in house:
        found["cash"] += amount
        found["house:H1"] -= amount
    return Counter({account: amount for account, amount in found.items() if amount})


MOVED: Final = {
    "paid_in": "paid_in",
    "paid_out": "paid_out",
    "drop": "safe",
    "pickup": "safe",
    "tip_out": "tips",
    "correction": "cash_over_short",
}
"""Where the money of a drawer's movement comes from or goes to."""


def _of_sale(sale: Sale) -> Iterator[tuple[str, int]]:
    if sale.is_booked:
        for line in sale.lines:
            tax_class = GOODS[line.name].tax_class
            yield f"sales:{tax_class}", -line.amounts.net
            yield f"tax:{tax_class}", -line.amounts.tax
        yield "tips", -sale.tip
        yield "receivable", sale.payable
    for payment in sale.payments:
        yield _account(payment.tender), payment.tendered - payment.change
        yield "rounding", payment.rounding
        yield "receivable", -payment.pays


def _give_back(found: Counter[str], refund: Refund) -> None:
    for tax_class, amounts in refund.parts:
        found[f"sales:{tax_class}"] += amounts.net
        found[f"tax:{tax_class}"] += amounts.tax
    found["tips"] += refund.tip
    for back in refund.tenders:
        found[_account(back.tender)] -= back.given
        found["rounding"] -= back.amount - back.given


def _account(tender: str) -> str:
    return {"cash": "cash", "house": "house:H1"}.get(tender, f"tender:{tender}")
