"""What a reorder is computed from and what comes out, as values. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pos.purchasing.demand import Season, Velocity

DEFAULT_SERVICE_LEVEL: Final = Decimal("0.95")
DEFAULT_REVIEW_DAYS: Final = 7
SERVICE_LEVELS: Final = (Decimal("0.5"), Decimal("0.999"))
"""Least and most: below half, safety stock would be negative; one is never reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure used: a stable code, its value as a plain decimal, and a sentence for a person."""

    code: str
    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the merchant has decided for a variant at a location; None: to be computed.

    `par` is the level to fill up to; above `maximum` nothing is ordered, as far as whole packs allow.
    """

    reorder_point: Decimal | None = None
    par: Decimal | None = None
    maximum: Decimal | None = None
    safety_stock: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What is there and what is on its way: `in_transit` from other locations, `on_order` from suppliers."""

    on_hand: Decimal
    reserved: Decimal = Decimal(0)
    in_transit: Decimal = Decimal(0)
    on_order: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """What can be sold before a new order would be needed."""
        return self.on_hand - self.reserved + self.in_transit + self.on_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a supplier sells: by packs of `pack_size` units, at least `minimum` units, after `lead_time_days`.

    `lead_deviation_days` is how much the lead time strays (0: it is kept).
    """

    lead_time_days: int
    pack_size: Decimal = Decimal(1)
    minimum: Decimal = Decimal(0)
    lead_deviation_days: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How carefully and how often: the share of order cycles without a stock-out, and days between two orders."""

    service_level: Decimal = DEFAULT_SERVICE_LEVEL
    review_days: int = DEFAULT_REVIEW_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What to order, in units and in packs; `packs` is 0 where nothing is needed.

    `is_due`: the position is at or below the reorder point. `explanation` has every figure used, in the order of
    the computation.
    """

    velocity: Fraction
    lead_demand: Fraction
    cover_demand: Fraction
    safety_stock: Decimal
    reorder_point: Decimal
    order_up_to: Decimal
    position: Decimal
    is_due: bool
    needed: Decimal
    packs: int
    quantity: Decimal
    explanation: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What will be sold until an order placed now arrives (`lead`), and until the one after it (`cover`).

    `deviation` is how much single days stray from what was to be expected of them.
    """

    velocity: Velocity
    deviation: Decimal
    season: Season
    has_week: bool
    lead: Fraction
    cover: Fraction
