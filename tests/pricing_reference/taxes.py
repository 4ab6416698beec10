"""Step 9: the exact taxes of one amount."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.pricing_reference.book import Json, Part, tax_class_of
from tests.pricing_reference.conditions import holds
from tests.pricing_reference.numbers import nearest, plain


@dataclass(eq=False)
class Taxed:
    """An amount with its taxes: a part of a line, or a (share of a) service charge."""

    owner: Any
    order: tuple[Any, ...]
    amount: int
    tax_class: str
    inclusive: bool
    components: list[Json]
    exact: list[Fraction]
    rounded: list[int] = field(default_factory=list)

    @property
    def net(self) -> int:
        """The amount without its taxes."""
        return self.amount - sum(self.rounded) if self.inclusive else self.amount

    @property
    def tax(self) -> int:
        """All its taxes."""
        return sum(self.rounded)


def taxed(
    book: Json,
    context: Json,
    *,
    owner: Part | Json,
    order: tuple[Any, ...],
    amount: int,
    quantity: Fraction,
    tax_class: str,
    order_type: str | None,
) -> Taxed:
    """An amount taxed by the first rule of its class that holds for the context and the line's own order type."""
    own_context = {**context, "order_type": order_type} if order_type is not None else context
    rules = tax_class_of(book, tax_class)["rules"]
    rule = next(rule for rule in rules if holds(rule["when"], own_context))
    if rule.get("net_of_contained"):
        default = rules[-1]
        contained = sum(exact_taxes(default, amount, quantity)) if default["inclusive"] else Fraction(0)
        amount -= nearest(Fraction(contained), context["rounding"]["mode"])
    return Taxed(
        owner=owner,
        order=order,
        amount=amount,
        tax_class=tax_class,
        inclusive=rule["inclusive"],
        components=rule["components"],
        exact=exact_taxes(rule, amount, quantity),
    )


def exact_taxes(rule: Json, amount: int, quantity: Fraction) -> list[Fraction]:
    """One exact tax per component of the rule."""
    components = rule["components"]
    if amount == 0:
        return [Fraction(0)] * len(components)
    if not rule["inclusive"]:
        return taxes_on(components, Fraction(amount), quantity)
    return contained_taxes(components, amount, quantity)


def taxes_on(components: list[Json], base: Fraction, quantity: Fraction) -> list[Fraction]:
    """Taxes on top of a base, each in turn; a compound one also on the taxes before it."""
    taxes: list[Fraction] = []
    for component in components:
        if component.get("per_unit_minor") is not None:
            taxes.append(component["per_unit_minor"] * quantity)
        elif component.get("compound"):
            taxes.append(Fraction(component["rate"]) * (base + sum(taxes)))
        else:
            taxes.append(Fraction(component["rate"]) * base)
    return taxes


def contained_taxes(components: list[Json], amount: int, quantity: Fraction) -> list[Fraction]:
    """The taxes inside an amount: find the base on which base and taxes together are the amount.

    Base plus taxes grows in a straight line with the base, so two points of it tell all others.
    """
    at_zero = sum(taxes_on(components, Fraction(0), quantity), Fraction(0))
    at_one = 1 + sum(taxes_on(components, Fraction(1), quantity), Fraction(0))
    base = (amount - at_zero) / (at_one - at_zero)
    if base >= 0:
        return taxes_on(components, base, quantity)
    return taxes_without_base(components, amount, quantity)


def taxes_without_base(components: list[Json], amount: int, quantity: Fraction) -> list[Fraction]:
    """The amount is all tax: first the per-unit ones as far as it goes, the rest to what compounds on them."""
    full = taxes_on(components, Fraction(0), quantity)
    per_unit = [component.get("per_unit_minor") is not None for component in components]
    of_units = sum((tax for tax, fixed in zip(full, per_unit, strict=True) if fixed), Fraction(0))
    of_rates = sum(full, Fraction(0)) - of_units
    for_units = min(of_units, Fraction(amount))
    for_rates = amount - for_units
    return [
        tax * for_units / of_units if fixed else (tax * for_rates / of_rates if of_rates else Fraction(0))
        for tax, fixed in zip(full, per_unit, strict=True)
    ]


def figure(component: Json) -> Json:
    """What is said of a tax beside its code: its rate or its amount per unit."""
    if component.get("per_unit_minor") is not None:
        return {"per_unit_minor": component["per_unit_minor"]}
    return {"rate": plain(component["rate"])}


Key = tuple[str, int, Fraction, bool]


def key_of(component: Json, inclusive: bool) -> Key:
    """Taxes with equal keys are one tax: code, rate or amount per unit, contained or added."""
    if component.get("per_unit_minor") is not None:
        return (component["code"], 1, Fraction(component["per_unit_minor"]), inclusive)
    return (component["code"], 0, Fraction(component["rate"]), inclusive)
