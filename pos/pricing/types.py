"""What is priced, where, and what comes out: frozen values, whole minor units, exact fractions.

Ids are opaque text: UUIDs in production, words in the vectors. The price book has a file of its own,
`pos.pricing.book`. Meaning and JSON form of every member: `docs/algorithms/pricing.md`.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Literal

ENGINE_VERSION: Final = "2"
"""Raised when the same cart, context and book may give other amounts; stored with every order."""

Quantity = Decimal | Fraction | int
"""Pieces, or weight, length or volume in the unit the price is for; at most six decimal places."""

DiscountKind = Literal["line", "promotion", "order"]
Phase = Literal["before_tax", "after_tax"]


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
        return f"{self.scope.value} {self.mode.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where, when and for whom a cart is priced. `at` is the wall clock of the location, without a zone.

    What is None is not known: a condition that asks for it does not hold. `covers` are the guests.
    """

    currency: str
    at: dt.datetime
    location_id: str | None = None
    channel: str | None = None
    order_type: str | None = None
    customer_group: str | None = None
    exempt: bool = False
    destination: str | None = None
    covers: int = 0
    coupons: frozenset[str] = frozenset()
    rounding: RoundingPolicy = field(default_factory=RoundingPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartModifier:
    """A modifier chosen for a line, `quantity` times per unit of what it modifies, with its own modifiers."""

    modifier_id: str
    quantity: int = 1
    modifiers: tuple["CartModifier", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CartComponent:
    """What was chosen for a slot of a combo."""

    slot_id: str
    variant_id: str
    modifiers: tuple[CartModifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CartDiscount:
    """A discount somebody gave by hand: a share of one (`percent`) or an amount, one of the two."""

    id: str
    name: str = ""
    percent: Fraction | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """One thing to be sold.

    `unit_price_minor` replaces list price and price lists (an open or approved price); `amount_minor` is the
    price of the whole line as printed on a label; `order_type` differs from the order's when one line is
    taken away.
    """

    id: str
    variant_id: str
    quantity: Quantity = 1
    unit_price_minor: int | None = None
    amount_minor: int | None = None
    order_type: str | None = None
    modifiers: tuple[CartModifier, ...] = ()
    components: tuple[CartComponent, ...] = ()
    discounts: tuple[CartDiscount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """The lines of an order in the order the till shows them, and what was decided for all of it."""

    lines: tuple[CartLine, ...]
    discounts: tuple[CartDiscount, ...] = ()
    tip_minor: int = 0
    waived_charges: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedTax:
    """One tax of a part, a line, or an order: `tax_minor` on `net_minor`. Either a rate or per unit."""

    code: str
    name: str
    rate: Fraction | None
    per_unit_minor: int | None
    inclusive: bool
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPart:
    """A component of a combo with its share of everything. `net_minor + tax_minor == total_minor`."""

    slot_id: str
    variant_id: str
    tax_class: str
    base_minor: int
    discount_minor: int
    removed_tax_minor: int
    net_minor: int
    tax_minor: int
    taxes: tuple[PricedTax, ...]

    @property
    def total_minor(self) -> int:
        """What the customer pays for it."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A cart line with its amounts.

    `unit_price_minor` is after price list or override and before modifiers; `modifiers_minor` is per unit.
    `extended_minor` is quantity × unit with modifiers (or the label's amount); `base_minor` adds what the
    components of a combo cost extra. `removed_tax_minor` is contained tax that this customer does not pay.
    """

    line: CartLine
    item_id: str
    list_price_minor: int
    unit_price_minor: int
    price_list_id: str | None
    modifiers_minor: int
    extended_minor: int
    base_minor: int
    discount_minor: int
    removed_tax_minor: int
    net_minor: int
    tax_minor: int
    tax_class: str
    taxes: tuple[PricedTax, ...]
    parts: tuple[PricedPart, ...]

    @property
    def amount_minor(self) -> int:
        """What the line costs after discounts, as prices are shown: with the tax where they contain it."""
        return self.base_minor - self.discount_minor

    @property
    def total_minor(self) -> int:
        """What the customer pays for the line."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What one line got of a discount."""

    line_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedDiscount:
    """A discount that was given; the allocations add up to its amount."""

    kind: DiscountKind
    id: str
    name: str
    amount_minor: int
    allocations: tuple[Allocation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedCharge:
    """A service charge. `amount_minor` is as shown: with the tax where it contains it."""

    id: str
    name: str
    phase: Phase
    amount_minor: int
    net_minor: int
    tax_minor: int
    taxes: tuple[PricedTax, ...]

    @property
    def total_minor(self) -> int:
        """What the customer pays for it."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """Net sales of the lines (charges not counted) in one tax class: what the ledger books."""

    tax_class: str
    net_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedCart:
    """A cart's price. Lines keep the order of the cart; taxes are ordered by code, rate, inclusive.

    `subtotal_minor + tax_minor == total_minor`; each is the sum over lines and service charges. The tip is
    apart from all of them. `digest` is the SHA-256 of the result in canonical text: equal carts have equal
    digests, whatever the order of their lines and whoever computed it.
    """

    currency: str
    engine_version: str
    policy: RoundingPolicy
    lines: tuple[PricedLine, ...]
    discounts: tuple[PricedDiscount, ...]
    service_charges: tuple[PricedCharge, ...]
    taxes: tuple[PricedTax, ...]
    sales: tuple[Sales, ...]
    subtotal_minor: int
    tax_minor: int
    tip_minor: int
    digest: str

    @property
    def total_minor(self) -> int:
        """What the order costs, without the tip."""
        return self.subtotal_minor + self.tax_minor

    @property
    def payable_minor(self) -> int:
        """What is to be paid: the total and the tip."""
        return self.total_minor + self.tip_minor
