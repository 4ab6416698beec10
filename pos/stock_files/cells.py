"""Kinds of cells that only files of stock have: quantities with a sign, costs finer than money, days. Pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from fynlo.core.money import exponent
from pos.catalog.csv_reading import cells
from pos.catalog.csv_reading.cells import CellInvalid, PlainNumber
from pos.catalog.sheets.columns import Kind, Rules
from pos.catalog.sheets.kinds import local_time, unmistakable
from pos.inventory.quantities import COST_PLACES, plain_quantity

_MINUS: Final = ("-", "−")
MOST_MINOR: Final = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class OnHand(Kind):
    """What is there. Below zero is only what the books say, which an export repeats."""

    says: ClassVar[str] = "a number"
    is_number: ClassVar[bool] = True
    is_decimal: ClassVar[bool] = True

    def read(self, text: str, rules: Rules) -> Decimal:
        """The quantity."""
        below = text.strip().startswith(_MINUS)
        value = cells.read_stock(type(text)(text.strip()[1:]) if below else text, mark=rules.decimal_mark)
        if value is None:
            raise CellInvalid("may not be empty")
        return -value if below else value


@dataclass(frozen=True, slots=True)
class Amount(Kind):
    """A quantity from zero on, empty where nothing is said."""

    positive: bool = False
    needed: bool = False

    says: ClassVar[str] = "a number"
    is_number: ClassVar[bool] = True
    is_decimal: ClassVar[bool] = True

    def read(self, text: str, rules: Rules) -> Decimal | None:
        """The quantity, None where nothing is said."""
        value = cells.read_stock(text, mark=rules.decimal_mark)
        if value is None and self.needed:
            raise CellInvalid("may not be empty")
        if value is not None and self.positive and value <= 0:
            raise CellInvalid("is not above zero")
        return value


@dataclass(frozen=True, slots=True)
class UnitCost(Kind):
    """What one costs, in the merchant's currency, finer than its smallest coin: `0.0021`."""

    says: ClassVar[str] = "an amount in the merchant's currency, as fine as need be"
    is_number: ClassVar[bool] = True
    is_decimal: ClassVar[bool] = True

    def read(self, text: str, rules: Rules) -> Decimal | None:
        """Minor units with at most nine decimals, None where nothing is said."""
        if not text.strip():
            return None
        value = cells.read_number(text, mark=rules.decimal_mark).scaleb(exponent(rules.currency))
        if value >= MOST_MINOR:  # first, for what follows is exact below it only
            raise CellInvalid(f"is more than {MOST_MINOR} minor units")
        if value.scaleb(COST_PLACES) % 1:
            places = COST_PLACES + exponent(rules.currency)
            raise CellInvalid(f"has more than {places} decimal places")
        return value


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A calendar day."""

    says: ClassVar[str] = "a day: `2026-12-24`"

    def read(self, text: str, rules: Rules) -> dt.date | None:
        """The day, None where nothing is said."""
        del rules
        if not text.strip():
            return None
        try:
            return dt.date.fromisoformat(local_time(text)[:10])
        except CellInvalid:
            raise CellInvalid("is no day; write it as 2026-12-24") from None


def quantity_cell(value: Decimal | None) -> str:
    """A quantity as files write it; nothing can take its decimals for thousands."""
    return "" if value is None else PlainNumber(unmistakable(plain_quantity(value)))


def cost_cell(minor: Decimal | None, currency: str) -> str:
    """A cost in major units as files write it."""
    return "" if minor is None else quantity_cell(minor.scaleb(-exponent(currency)))
