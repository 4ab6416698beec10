"""What the books say when stock changes its value: the account that stands against `inventory`. Pure.

The account `inventory` is at every moment the sum over all levels of what each is worth in whole minor units
(half away from zero; a level beyond `MOST` counts as that). A movement books the difference it makes to that:
the rounded value of the level after it less the one before it. Roundings cancel out from movement to movement,
so however many there are, the account and the exact valuation differ by half a minor unit per level at most
(`docs/concepts/books.md`).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from payments.ledger.accounts import (
    COST_OF_GOODS,
    GOODS_RECEIVED,
    INVENTORY,
    STOCK_DIFFERENCE,
    STOCK_IN_TRANSIT,
    STOCK_OPENING,
    STOCK_PRODUCTION,
    STOCK_REVALUATION,
    STOCK_WASTE,
)
from pos.inventory.quantities import whole_minor

KEY_OF_KIND: Final[Mapping[str, str]] = {
    "opening": STOCK_OPENING,
    "sale": COST_OF_GOODS,
    "return": COST_OF_GOODS,
    "purchase": GOODS_RECEIVED,
    "purchase_return": GOODS_RECEIVED,
    "waste": STOCK_WASTE,
    "count": STOCK_DIFFERENCE,
    "adjustment": STOCK_DIFFERENCE,
    "channel": STOCK_DIFFERENCE,
    "transfer_out": STOCK_IN_TRANSIT,
    "transfer_in": STOCK_IN_TRANSIT,
    "production": STOCK_PRODUCTION,
    "revaluation": STOCK_REVALUATION,
}
"""Kind of a movement → the posting key that stands against `inventory`. A bill that names a delivery
(`revaluation` with an original) belongs to the delivery's key, a settled cost to that of what it corrects."""
MOST: Final = 10**15
"""What the books can hold of one level: ten trillion, in a currency of two digits."""


def book_value(value_minor: Decimal) -> int:
    """What a level is worth in the books, in whole minor units."""
    return max(-MOST, min(MOST, whole_minor(value_minor)))


def booked_minor(*, before: Decimal, after: Decimal) -> int:
    """What is booked when a level's value goes from `before` to `after`: whole minor units, signed."""
    return book_value(after) - book_value(before)


def booked_by_key(*, before: Decimal, changes: Sequence[tuple[str, Decimal]]) -> dict[str, int]:
    """The same for several changes of one level, one after the other, added up by posting key."""
    booked: dict[str, int] = {}
    for key, change in changes:
        booked[key] = booked.get(key, 0) + booked_minor(before=before, after=before + change)
        before += change
    return booked


def sides(*, key: str, amount_minor: int) -> tuple[str, str]:
    """Debit and credit of a change of stock's value: `inventory` is debited when it became worth more."""
    return (INVENTORY, key) if amount_minor > 0 else (key, INVENTORY)
