"""The tax in (or on) each line, rounded where the policy says and shared out so that parts add up.

Sources of the rules: `docs/algorithms/pricing.md`.
"""

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import TypeVar

from pos.pricing.engine1.rounding import round_minor, share_out
from pos.pricing.engine1.types import RoundingPolicy, RoundingScope, TaxClass

ClassKey = tuple[str, Fraction, bool]
Key = TypeVar("Key", bound=Hashable)


def exact_tax(*, amount_minor: int, tax_class: TaxClass) -> Fraction:
    """The unrounded tax of an amount: contained in it when the class is inclusive, else on top of it.

    An inclusive 20 % is one sixth of the amount (20 / 120), not a fifth.
    """
    tax_on_top = amount_minor * tax_class.rate
    return tax_on_top / (1 + tax_class.rate) if tax_class.inclusive else tax_on_top


def line_taxes(*, amounts: Sequence[tuple[int, TaxClass]], policy: RoundingPolicy) -> list[int]:
    """The whole tax of each (amount, class), in the same order.

    Ties between remainders go to the earlier line, so callers hand lines over in canonical order.
    """
    exact = [exact_tax(amount_minor=amount, tax_class=tax_class) for amount, tax_class in amounts]
    if policy.scope is RoundingScope.PER_LINE:
        return [round_minor(exact=part, mode=policy.mode) for part in exact]
    lines_of = _places(keys=[class_key(tax_class) for _, tax_class in amounts])
    class_sums = {key: sum((exact[i] for i in lines), Fraction(0)) for key, lines in lines_of.items()}
    class_taxes = _class_taxes(class_sums=class_sums, policy=policy)
    taxes = [0] * len(exact)
    for key, lines in lines_of.items():
        parts = share_out(whole=class_taxes[key], exact=[exact[i] for i in lines])
        for place, part in zip(lines, parts, strict=True):
            taxes[place] = part
    return taxes


def class_key(tax_class: TaxClass) -> ClassKey:
    """What makes two lines' taxes one tax: the class's code, its rate, and whether prices contain it."""
    return tax_class.code, tax_class.rate, tax_class.inclusive


def _class_taxes(*, class_sums: dict[ClassKey, Fraction], policy: RoundingPolicy) -> dict[ClassKey, int]:
    """The whole tax of each class: rounded each, or shared out of the order's rounded tax.

    Contained and added taxes are rounded apart even per order: what a customer pays must not depend on the
    tax contained in the price of something else.
    """
    if policy.scope is RoundingScope.PER_RATE:
        return {key: round_minor(exact=exact, mode=policy.mode) for key, exact in class_sums.items()}
    taxes: dict[ClassKey, int] = {}
    keys = sorted(class_sums)
    for places in _places(keys=[inclusive for _, _, inclusive in keys]).values():
        exact = [class_sums[keys[i]] for i in places]
        whole = round_minor(exact=sum(exact, Fraction(0)), mode=policy.mode)
        parts = share_out(whole=whole, exact=exact)
        taxes.update(zip((keys[i] for i in places), parts, strict=True))
    return taxes


def _places(*, keys: Sequence[Key]) -> dict[Key, list[int]]:
    """Where in `keys` each key stands."""
    places: dict[Key, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    return places
