"""Tax classes: which taxes apply where, and the coefficients that follow from them.

Every exact tax of a rule is `(amount_factor × amount + quantity_factor × quantity) / denominator`, whatever
mixture of contained, added, compound and per-unit taxes the rule is: the equations are solved once per rule.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from pos.pricing.conditions import ALWAYS, When
from pos.pricing.decimals import millionths

TaxKey = tuple[str, bool, int, bool]
"""What makes two taxes one: code, whether per unit, the rate in millionths or the amount, contained or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxComponent:
    """One tax: a rate (`compound`: on top of the taxes before it), or an amount per unit sold."""

    code: str
    name: str = ""
    rate: Fraction | None = None
    compound: bool = False
    per_unit_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """The solved equations of a rule, in the order of its components."""

    amount_factors: tuple[int, ...]
    quantity_factors: tuple[int, ...]
    denominator: int
    per_unit: bool
    """Whether any component counts units: only then does the quantity matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """The taxes of a class in one context. `net_of_contained`: the default rule's tax is taken out first."""

    when: When = ALWAYS
    inclusive: bool
    net_of_contained: bool = False
    components: tuple[TaxComponent, ...]
    keys: tuple[TaxKey, ...] = field(init=False, repr=False, compare=False)
    ranks: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """The places of the components by their keys: the order in which taxes are listed."""
    coefficients: Coefficients = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = tuple(_key(component, self.inclusive) for component in self.components)
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "ranks", tuple(sorted(range(len(keys)), key=keys.__getitem__)))
        object.__setattr__(self, "coefficients", _solve(self.components, self.inclusive))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxClass:
    """How something is taxed: the first rule that holds; the last one always does."""

    id: str
    code: str
    name: str = ""
    rules: tuple[TaxRule, ...]


def taxes_on_base(
    components: tuple[TaxComponent, ...],
) -> tuple[list[Fraction], list[Fraction]]:
    """Each tax as `on_base × base + on_quantity × quantity`; a compound one taxes those before it as well."""
    on_base: list[Fraction] = []
    on_quantity: list[Fraction] = []
    for component in components:
        if component.rate is None:
            on_base.append(Fraction(0))
            on_quantity.append(Fraction(component.per_unit_minor or 0))
        elif component.compound:
            base_so_far, quantity_so_far = 1 + sum(on_base), sum(on_quantity, Fraction(0))
            on_base.append(component.rate * base_so_far)
            on_quantity.append(component.rate * quantity_so_far)
        else:
            on_base.append(component.rate)
            on_quantity.append(Fraction(0))
    return on_base, on_quantity


def _solve(components: tuple[TaxComponent, ...], inclusive: bool) -> Coefficients:
    """Inclusive: amount = base + taxes, so base = (amount − Σ on_quantity × quantity) / (1 + Σ on_base)."""
    on_base, on_quantity = taxes_on_base(components)
    if inclusive:
        gross, per_unit = 1 + sum(on_base), sum(on_quantity, Fraction(0))
        of_amount = [share / gross for share in on_base]
        of_quantity = [own - share * per_unit for own, share in zip(on_quantity, of_amount, strict=True)]
    else:
        of_amount, of_quantity = on_base, on_quantity
    denominator = lcm(*(factor.denominator for factor in (*of_amount, *of_quantity)))
    return Coefficients(
        amount_factors=tuple(int(factor * denominator) for factor in of_amount),
        quantity_factors=tuple(int(factor * denominator) for factor in of_quantity),
        denominator=denominator,
        per_unit=any(on_quantity),
    )


def _key(component: TaxComponent, inclusive: bool) -> TaxKey:
    if component.rate is None:
        return component.code, True, component.per_unit_minor or 0, inclusive
    return component.code, False, millionths(component.rate), inclusive
