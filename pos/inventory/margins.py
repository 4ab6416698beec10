"""What is left of a price: net of tax, less what the dish costs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from pos.inventory.explosion import Need
from pos.inventory.quantities import stock_quantity
from pos.pricing.decimals import SCALE
from pos.pricing.tax_rules import TaxRule
from pos.pricing.taxes import exact_taxes

_PLACES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DishCost:
    """What one unit costs in minor units, exactly; None while an ingredient's cost is `unknown`."""

    exact: Fraction | None
    unknown: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Price net of tax, cost and what is left of one unit. Unknown costs leave it unknown, never zero."""

    net: Fraction
    cost: Fraction | None

    @property
    def left(self) -> Fraction | None:
        """Minor units; below zero the dish is sold at a loss."""
        return None if self.cost is None else self.net - self.cost

    @property
    def percent(self) -> Decimal | None:
        """What is left as a share of the net price."""
        return _share(self.left, self.net)

    @property
    def food_cost_percent(self) -> Decimal | None:
        """The cost as a share of the net price."""
        return _share(self.cost, self.net)


def dish_cost(*, needs: Sequence[Need], unit_costs: Mapping[UUID, Decimal]) -> DishCost:
    """What the ingredients of one unit cost."""
    unknown = tuple(dict.fromkeys(need.ingredient for need in needs if need.ingredient not in unit_costs))
    if unknown:
        return DishCost(exact=None, unknown=unknown)
    total = sum(((need.quantity or 0) * Fraction(unit_costs[need.ingredient]) for need in needs), Fraction(0))
    return DishCost(exact=total)


def net_price(*, price_minor: int, rule: TaxRule) -> Fraction:
    """A price for one unit without the taxes it contains, exactly."""
    if not rule.inclusive:
        return Fraction(price_minor)
    taxes, denominator = exact_taxes(rule=rule, amount=price_minor, quantity=SCALE)
    return price_minor - Fraction(sum(taxes), denominator)


def shown(exact: Fraction) -> Decimal:
    """Minor units with six places, for people and files."""
    return stock_quantity(exact)


def _share(part: Fraction | None, whole: Fraction) -> Decimal | None:
    """Per cent with two places, half away from zero."""
    if part is None or whole <= 0:
        return None
    scaled = part * 100 * 10**_PLACES / whole
    rounded = Decimal((2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator))
    return (-rounded if scaled < 0 else rounded).scaleb(-_PLACES)
