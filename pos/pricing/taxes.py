"""Step 9: the exact taxes of a part, contained in its amount or added to it.

Sources of the rules: `docs/algorithms/pricing.md`.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from pos.pricing.arithmetic import Rounding
from pos.pricing.book import BookIndex
from pos.pricing.conditions import holds
from pos.pricing.decimals import SCALE
from pos.pricing.errors import UnknownTaxClass
from pos.pricing.tax_rules import TaxRule, taxes_on_base
from pos.pricing.types import Context
from pos.pricing.working import Line


@dataclass(slots=True, eq=False)
class Taxed:
    """A part with its taxes: `exact` over `denominator` in the order of the rule's components.

    `amount` is what is shown for it, less contained tax that this customer does not pay (`removed`).
    `rounded` are the taxes in whole minor units, once `pos.pricing.tax_rounding` has been there.
    """

    amount: int
    removed: int
    rule: TaxRule
    exact: list[int]
    denominator: int
    rounded: list[int]

    @property
    def tax(self) -> int:
        """All taxes together."""
        return sum(self.rounded)

    @property
    def net(self) -> int:
        """What is left for the merchant."""
        return self.amount - sum(self.rounded) if self.rule.inclusive else self.amount


class Taxation:
    """Which rule of a class applies, for one context; looked up once for each class and order type."""

    def __init__(self, *, context: Context, index: BookIndex, round_to_minor: Rounding) -> None:
        self._context = context
        self._index = index
        self._round = round_to_minor
        self._rules: dict[tuple[str, str | None], TaxRule] = {}

    def taxed(self, *, amount: int, quantity: int, tax_class: str, order_type: str | None = None) -> Taxed:
        """The exact taxes of `amount`; `quantity` in millionths; `order_type` replaces the context's.

        Raises `UnknownTaxClass`.
        """
        rule = self._rule(tax_class, order_type)
        removed = 0
        if rule.net_of_contained:
            default = self._index.tax_classes[tax_class].rules[-1]
            if default.inclusive:
                exact, denominator = exact_taxes(rule=default, amount=amount, quantity=quantity)
                removed = self._round(sum(exact), denominator)
        exact, denominator = exact_taxes(rule=rule, amount=amount - removed, quantity=quantity)
        return Taxed(amount - removed, removed, rule, exact, denominator, [])

    def of_line(self, line: Line) -> list[Taxed]:
        """The parts of a line, each with its exact taxes, in the order of the parts."""
        return [
            self.taxed(
                amount=part.left,
                quantity=line.quantity,
                tax_class=part.tax_class,
                order_type=line.source.order_type,
            )
            for part in line.parts
        ]

    def _rule(self, code: str, order_type: str | None) -> TaxRule:
        known = self._rules.get((code, order_type))
        if known is None:
            known = self._rules[code, order_type] = self._found(code, order_type)
        return known

    def _found(self, code: str, order_type: str | None) -> TaxRule:
        tax_class = self._index.tax_classes.get(code)
        if tax_class is None:
            raise UnknownTaxClass(f"there is no tax class {code!r}")
        context = self._context
        if order_type is not None and order_type != context.order_type:
            context = replace(context, order_type=order_type)
        return next(
            (rule for rule in tax_class.rules if holds(when=rule.when, context=context)), tax_class.rules[-1]
        )


def exact_taxes(*, rule: TaxRule, amount: int, quantity: int) -> tuple[list[int], int]:
    """Each tax of `amount` (and of `quantity` millionths of a unit) as numerators over one denominator."""
    solved = rule.coefficients
    if not amount:
        return [0] * len(rule.keys), 1
    if not solved.per_unit:
        return [factor * amount for factor in solved.amount_factors], solved.denominator
    exact = [
        of_amount * amount * SCALE + of_quantity * quantity
        for of_amount, of_quantity in zip(solved.amount_factors, solved.quantity_factors, strict=True)
    ]
    denominator = solved.denominator * SCALE
    if rule.inclusive and sum(exact) > amount * denominator:
        return _nothing_but_taxes(rule, amount, Fraction(quantity, SCALE))
    return exact, denominator


def _nothing_but_taxes(rule: TaxRule, amount: int, quantity: Fraction) -> tuple[list[int], int]:
    """The taxes in an amount that they use up altogether: nothing is left as a base.

    Amounts per unit come first, scaled down when even they are too much; the rates that are compound on them
    share what they leave.
    """
    on_quantity = taxes_on_base(rule.components)[1]
    per_unit = [component.rate is None for component in rule.components]
    fixed = sum(
        [tax * quantity for tax, unit in zip(on_quantity, per_unit, strict=True) if unit], Fraction(0)
    )
    rates = sum(
        [tax * quantity for tax, unit in zip(on_quantity, per_unit, strict=True) if not unit], Fraction(0)
    )
    part_of_fixed = min(Fraction(1), amount / fixed)
    part_of_rates = max(Fraction(0), amount - fixed) / rates if rates else Fraction(0)
    taxes = [
        tax * quantity * (part_of_fixed if unit else part_of_rates)
        for tax, unit in zip(on_quantity, per_unit, strict=True)
    ]
    denominator = lcm(*(tax.denominator for tax in taxes))
    return [int(tax * denominator) for tax in taxes], denominator
