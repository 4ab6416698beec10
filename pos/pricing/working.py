"""A cart while it is being priced: lines and their parts, and what is left of each after every step."""

from dataclasses import dataclass, field
from fractions import Fraction

from pos.pricing.arithmetic import share
from pos.pricing.book import Item
from pos.pricing.decimals import SCALE
from pos.pricing.types import CartComponent, CartLine


@dataclass(slots=True, eq=False)
class Part:
    """What has one tax class: a whole line, or one component of a combo. Amounts in minor units."""

    tax_class: str
    base: int
    component: CartComponent | None = None
    left: int = 0
    """What remains of the base after the discounts so far."""

    def __post_init__(self) -> None:
        self.left = self.base


@dataclass(slots=True, eq=False)
class Line:
    """A line of the cart. `quantity` is in millionths; `place` is where it stands in the cart."""

    place: int
    source: CartLine
    key: str
    item: Item
    quantity: int
    list_price: int
    unit_price: int
    price_list_id: str | None
    modifiers: int
    extended: int
    parts: list[Part]
    """In the order in which ties between them are decided."""
    base: int = 0
    left: int = 0
    value: Fraction = Fraction(0)
    """What one unit is worth to the rules that count units: fixed before the first promotion."""
    used: int = 0
    """Units that such rules have used."""
    touched: bool = False
    closed: bool = False
    """Touched by an exclusive promotion."""
    groups: set[str] = field(default_factory=set)
    """Stacking groups of the promotions that touched it."""

    def __post_init__(self) -> None:
        self.base = self.left = sum([part.base for part in self.parts])

    @property
    def free_units(self) -> int:
        """Units no rule has used; 0 for a quantity that is not whole."""
        return 0 if self.quantity % SCALE else self.quantity // SCALE - self.used

    def take_off(self, amount: int) -> None:
        """Lower the line by `amount`, its parts in proportion to what is left of each."""
        self.left -= amount
        if len(self.parts) == 1:
            self.parts[0].left -= amount
            return
        shares = share(amount, [part.left for part in self.parts])
        for part, own in zip(self.parts, shares, strict=True):
            part.left -= own
