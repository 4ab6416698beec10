"""What goes into pricing and what comes out: frozen values, whole minor units, exact fractions."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

Quantity = Decimal | Fraction | int
"""Pieces, or weight, length or volume in the unit the price is for; at most six decimal places."""


class RoundingScope(StrEnum):
    """Where a tax amount is rounded to whole minor units. Finer amounts are shared out of the rounded one."""

    PER_LINE = "per_line"
    PER_RATE = "per_rate"
    PER_ORDER = "per_order"


class RoundingMode(StrEnum):
    """Which way exactly half a minor unit goes: away from zero, or to the even neighbour."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundingPolicy:
    """A merchant's rounding, stored with every order it priced."""

    scope: RoundingScope = RoundingScope.PER_LINE
    mode: RoundingMode = RoundingMode.HALF_UP

    @property
    def code(self) -> str:
        """The policy as it is stored with an order, for example `per_line half_up`."""
        return f"{self.scope} {self.mode}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxClass:
    """A tax and how prices state it: `inclusive` prices contain it, the others have it added."""

    code: str
    rate: Fraction
    inclusive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """One thing to be sold, at the price the server knows. `unit_price_minor` is per piece or per unit."""

    variant_id: UUID
    name: str
    quantity: Quantity
    unit_price_minor: int
    tax_class: TaxClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """The lines of an order, in the order the till shows them."""

    lines: tuple[CartLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingContext:
    """What prices depend on besides the cart. `currency` is an ISO 4217 code."""

    currency: str
    rounding: RoundingPolicy = field(default_factory=RoundingPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A cart line with its amounts: `net_minor + tax_minor == gross_minor`, always."""

    line: CartLine
    net_minor: int
    tax_minor: int
    gross_minor: int

    @property
    def amount_minor(self) -> int:
        """Quantity × unit price, as the shelf label states it: with the tax if the price contains it."""
        return self.gross_minor if self.line.tax_class.inclusive else self.net_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTotal:
    """One tax class of an order: the sums over its lines. `net_minor` is the base of `tax_minor`."""

    tax_class: TaxClass
    net_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedCart:
    """A cart's price. Lines keep the order of the cart; taxes are ordered by class code and rate.

    `subtotal_minor + tax_minor == total_minor`, and each is the sum over the lines and over the taxes.
    `digest` is the SHA-256 of the result in canonical text: equal carts have equal digests, whatever the
    order of their lines and whoever computed it.
    """

    currency: str
    policy: RoundingPolicy
    engine_version: str
    lines: tuple[PricedLine, ...]
    taxes: tuple[TaxTotal, ...]
    subtotal_minor: int
    tax_minor: int
    total_minor: int
    digest: str
