"""Rules that work on lines of any quantity, weighed goods included."""

from collections.abc import Sequence
from fractions import Fraction

from pos.pricing.decimals import SCALE
from pos.pricing.promotion_rules import Threshold, Tiered
from pos.pricing.promotions.offers import Offer
from pos.pricing.working import Line


def percent_off(*, lines: Sequence[Line], percent: Fraction) -> Offer:
    """A share of what is left of each line."""
    numerator, denominator = percent.as_integer_ratio()
    return Offer(lines, [line.left * numerator for line in lines], denominator)


def amount_off(*, lines: Sequence[Line], amount_minor: int) -> Offer:
    """An amount per unit; half a kilogram gets half of it."""
    return Offer(lines, [amount_minor * line.quantity for line in lines], SCALE)


def fixed_price(*, lines: Sequence[Line], price_minor: int) -> Offer:
    """Down to a price per unit, where more is left than that."""
    return Offer(lines, [max(0, line.left * SCALE - price_minor * line.quantity) for line in lines], SCALE)


def threshold(*, rule: Threshold, lines: Sequence[Line]) -> Offer | None:
    """Something off everything selected, when what is left of it reaches the minimum."""
    if sum([line.left for line in lines]) < rule.minimum_minor:
        return None
    return _off_together(lines, rule.percent, rule.amount_minor)


def tiered(*, rule: Tiered, lines: Sequence[Line]) -> Offer | None:
    """What the highest tier that is reached takes off everything selected."""
    if rule.measure == "quantity":
        measure = Fraction(sum([line.quantity for line in lines]), SCALE)
    else:
        measure = Fraction(sum([line.left for line in lines]))
    reached = [tier for tier in rule.tiers if tier.start <= measure]
    if not reached:
        return None
    tier = max(reached, key=lambda candidate: candidate.start)
    return _off_together(lines, tier.percent, tier.amount_minor)


def _off_together(lines: Sequence[Line], percent: Fraction | None, amount_minor: int | None) -> Offer:
    """A share of each line, or one amount for all of them in proportion to what is left of each."""
    if percent is not None:
        return percent_off(lines=lines, percent=percent)
    whole = sum([line.left for line in lines])
    amount = min(amount_minor or 0, whole)
    return Offer(lines, [amount * line.left for line in lines], whole)
