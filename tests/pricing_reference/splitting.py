"""One priced cart paid as several checks, from its result document."""

from fractions import Fraction

from tests.pricing_reference.book import Json
from tests.pricing_reference.numbers import shared_by_weight


def split_check(result: Json, shares: dict[str, list[int]], checks: int) -> list[Json]:
    """Each line by its weights; charges and the tip by what the checks have of the lines."""
    order = list(range(checks))
    totals, taxes, tips = [0] * checks, [0] * checks, [0] * checks

    def add(sums: list[int], amount: int, weights: list[Fraction]) -> None:
        for check, share in enumerate(shared_by_weight(amount, weights, order)):
            sums[check] += share

    for line in result["lines"]:
        weights = [Fraction(weight) for weight in shares[line["id"]]]
        add(totals, line["total_minor"], weights)
        for row in line["taxes"]:
            add(taxes, row["tax_minor"], weights)
    of_lines = [Fraction(total) for total in totals]
    for charge in result["service_charges"]:
        add(totals, charge["total_minor"], of_lines)
        for row in charge["taxes"]:
            add(taxes, row["tax_minor"], of_lines)
    add(tips, result["tip_minor"], of_lines)
    return [check_of(*numbers) for numbers in zip(totals, taxes, tips, strict=True)]


def split_evenly(result: Json, checks: int) -> list[Json]:
    """Every number of the whole sale in equal shares, a unit left over to the earlier checks.

    What is left over of one tax goes on where that of the tax before it stopped, so that no check pays them all.
    """
    order, equal = list(range(checks)), [Fraction(1)] * checks
    totals, taxes, tips = (
        shared_by_weight(result[name], equal, order) for name in ("total_minor", "tax_minor", "tip_minor")
    )
    return [check_of(*numbers) for numbers in zip(totals, taxes, tips, strict=True)]


def check_of(total: int, tax: int, tip: int) -> Json:
    """One check's numbers."""
    return {
        "subtotal_minor": total - tax,
        "tax_minor": tax,
        "total_minor": total,
        "tip_minor": tip,
        "payable_minor": total + tip,
    }
