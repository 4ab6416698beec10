"""The rules of promotions are data: these are their shapes. What each does is in `pos.pricing.promotions`."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Which lines: everything, or the union of what is named. Categories include all below them."""

    everything: bool = False
    variants: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentOff:
    """A share off each line."""

    select: Selector
    percent: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountOff:
    """An amount off each unit."""

    select: Selector
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedPrice:
    """Each unit costs this much, if it costs more."""

    select: Selector
    price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyGet:
    """Buy some, get others cheaper; `get` None means out of the same units."""

    buy: Selector
    buy_quantity: int
    get: Selector | None = None
    get_quantity: int
    percent: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NForPrice:
    """Every `n` units together cost this much, if they cost more."""

    select: Selector
    n: int
    price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheapestFree:
    """Of every `n` units the cheapest is free."""

    select: Selector
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Something off when the selected lines reach an amount."""

    select: Selector
    minimum_minor: int
    percent: Fraction | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """From this quantity or amount on: a share or an amount off."""

    start: Fraction
    percent: Fraction | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiered:
    """The more, the more off: the highest tier that is reached counts for everything selected."""

    select: Selector
    measure: Literal["quantity", "amount"]
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePart:
    """So many units of these."""

    select: Selector
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Things that are cheaper together: for a price, or a share off."""

    parts: tuple[BundlePart, ...]
    price_minor: int | None = None
    percent: Fraction | None = None


AmountRule = PercentOff | AmountOff | FixedPrice | Threshold | Tiered
"""Rules that work on lines of any quantity."""

SelectRule = AmountRule | NForPrice | CheapestFree
"""Rules with one selector: all but `BuyGet` and `Bundle`."""

Rule = SelectRule | BuyGet | Bundle
