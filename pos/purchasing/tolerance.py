"""How much more than ordered may come. Pure."""

from decimal import Decimal


def most_receivable(*, ordered: Decimal, confirmed: Decimal | None, percent: Decimal) -> Decimal:
    """What may be received of a line in all without anybody's approval: the tolerance above what was ordered.

    A supplier who announced more than was ordered may deliver what they announced.
    """
    return max(ordered, confirmed or Decimal(0)) * (100 + percent) / 100
