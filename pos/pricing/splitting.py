"""One sale paid as several checks: in every number the checks add up to the sale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pos.pricing.arithmetic import share
from pos.pricing.errors import SplitNotPossible
from pos.pricing.pointers import pointer_to
from pos.pricing.types import PricedCart, PricedTax

MAX_CHECKS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTax:
    """One tax of a check: its share of the sale's."""

    tax: PricedTax
    tax_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one of several payers pays."""

    tax_minor: int
    total_minor: int
    tip_minor: int
    taxes: tuple[CheckTax, ...]

    @property
    def subtotal_minor(self) -> int:
        """The total without its taxes."""
        return self.total_minor - self.tax_minor

    @property
    def payable_minor(self) -> int:
        """The total and the tip."""
        return self.total_minor + self.tip_minor


def split_check(*, priced: PricedCart, shares: Mapping[str, Sequence[int]], checks: int) -> tuple[Check, ...]:
    """Share every line over `checks` by its weights in `shares` (by line id), charges and tip by the lines' sums.

    Equal remainders go to the earlier check. Raises `SplitNotPossible`.
    """
    _check_shares(priced, shares, checks)
    sums = _Sums(checks)
    for line in priced.lines:
        weights = shares[line.line.id]
        sums.add(line.total_minor, line.taxes, weights)
    of_lines = list(sums.totals)
    for charge in priced.service_charges:
        sums.add(charge.total_minor, charge.taxes, of_lines)
    return sums.checks(share(priced.tip_minor, of_lines))


def split_evenly(*, priced: PricedCart, ways: int) -> tuple[Check, ...]:
    """Share the whole sale over `ways` equal checks: no number of two checks differs by more than one unit.

    Left-over units of one tax go to the checks after those that got the ones of the tax before, so that they do
    not pile up on the first check. Raises `SplitNotPossible`.
    """
    if not 1 <= ways <= MAX_CHECKS:
        raise SplitNotPossible(f"a sale is split over 1 to {MAX_CHECKS} checks", pointer="/ways")
    taxes, turn = [], 0
    for tax in priced.taxes:
        taxes.append(_in_turn(tax.tax_minor, ways, turn))
        turn += tax.tax_minor % ways
    totals, tips = _in_turn(priced.total_minor, ways, 0), _in_turn(priced.tip_minor, ways, 0)
    return tuple(
        [
            Check(
                tax_minor=sum([of_checks[place] for of_checks in taxes]),
                total_minor=totals[place],
                tip_minor=tips[place],
                taxes=tuple(
                    [
                        CheckTax(tax=tax, tax_minor=of_checks[place])
                        for tax, of_checks in zip(priced.taxes, taxes, strict=True)
                    ]
                ),
            )
            for place in range(ways)
        ]
    )


def _in_turn(amount: int, ways: int, first: int) -> list[int]:
    """`amount` in equal parts; what is left over goes to the parts from `first` on, and around."""
    each, left_over = divmod(amount, ways)
    return [each + ((place - first) % ways < left_over) for place in range(ways)]


class _Sums:
    """The checks while they fill."""

    def __init__(self, checks: int) -> None:
        self.totals = [0] * checks
        self._taxes: dict[tuple[object, ...], tuple[PricedTax, list[int]]] = {}

    def add(self, total: int, taxes: Sequence[PricedTax], weights: Sequence[int]) -> None:
        """Share an amount and the taxes in it or on it over the checks."""
        _add(self.totals, share(total, weights))
        for tax in taxes:
            key = (tax.code, tax.rate, tax.per_unit_minor, tax.inclusive)
            _, of_checks = self._taxes.setdefault(key, (tax, [0] * len(self.totals)))
            _add(of_checks, share(tax.tax_minor, weights))

    def checks(self, tips: Sequence[int]) -> tuple[Check, ...]:
        """The checks, each with its tip."""
        return tuple(
            [
                Check(
                    tax_minor=sum([of_checks[place] for _, of_checks in self._taxes.values()]),
                    total_minor=total,
                    tip_minor=tip,
                    taxes=tuple(
                        [
                            CheckTax(tax=tax, tax_minor=of_checks[place])
                            for tax, of_checks in self._taxes.values()
                        ]
                    ),
                )
                for place, (total, tip) in enumerate(zip(self.totals, tips, strict=True))
            ]
        )


def _add(sums: list[int], amounts: Sequence[int]) -> None:
    for place, amount in enumerate(amounts):
        sums[place] += amount


def _check_shares(priced: PricedCart, shares: Mapping[str, Sequence[int]], checks: int) -> None:
    if not 1 <= checks <= MAX_CHECKS:
        raise SplitNotPossible(f"a sale is split over 1 to {MAX_CHECKS} checks", pointer="/checks")
    known = {line.line.id for line in priced.lines}
    for line_id in (*known, *shares):
        pointer = pointer_to("/shares", line_id)
        if line_id not in known:
            raise SplitNotPossible(f"the sale has no line {line_id!r}", pointer=pointer)
        weights = shares.get(line_id)
        if weights is None or len(weights) != checks:
            raise SplitNotPossible("every line has one weight for each check", pointer=pointer)
        if any(weight < 0 for weight in weights) or not any(weights):
            raise SplitNotPossible("weights are 0 or above, and somebody pays", pointer=pointer)
