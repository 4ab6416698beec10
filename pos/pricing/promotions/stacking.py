"""Which promotions may meet on a line.

Promotions of one group: one of them per line. An exclusive one: alone on its lines, whatever came before or comes
after. A promotion touches a line when the line got something of it, or when units of the line were used up for it.
"""

from pos.pricing.book import BookIndex, Promotion
from pos.pricing.promotions.offers import Offer
from pos.pricing.promotions.selecting import selects
from pos.pricing.working import Line


def open_lines(*, promotion: Promotion, lines: list[Line], index: BookIndex) -> list[Line]:
    """The lines that `promotion` may still touch: something is left of them and nothing speaks against it."""
    group, excluded = promotion.group, promotion.excluded
    return [
        line
        for line in lines
        if line.left > 0
        and not line.closed
        and not (promotion.exclusive and line.touched)
        and (group is None or group not in line.groups)
        and (excluded is None or not selects(selector=excluded, line=line, index=index))
    ]


def mark(*, promotion: Promotion, offer: Offer, amounts: list[int]) -> None:
    """Note which lines `promotion` has touched, and the units it used."""
    for line, amount in zip(offer.lines, amounts, strict=True):
        used = offer.used.get(line, 0)
        if amount or used:
            line.used += used
            line.touched = True
            line.closed = line.closed or promotion.exclusive
            if promotion.group is not None:
                line.groups.add(promotion.group)
