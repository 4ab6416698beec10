"""Steps 8 and 11: service charges, before or after tax."""

from dataclasses import dataclass, field

from pos.pricing.arithmetic import Rounding, share
from pos.pricing.book import BookIndex, ServiceCharge
from pos.pricing.conditions import holds
from pos.pricing.decimals import SCALE
from pos.pricing.taxes import Taxation, Taxed
from pos.pricing.types import Context, Phase
from pos.pricing.working import Line


@dataclass(slots=True, eq=False)
class Charge:
    """A charge that comes to something. `taxed` are its taxable parts; without any it is added as it is."""

    source: ServiceCharge
    amount: int
    taxed: list[Taxed] = field(default_factory=list)

    @property
    def net(self) -> int:
        """Without its taxes."""
        return sum([part.net for part in self.taxed]) if self.taxed else self.amount

    @property
    def tax(self) -> int:
        """All its taxes."""
        return sum([part.tax for part in self.taxed])


def charges_of(
    *,
    phase: Phase,
    base_minor: int,
    context: Context,
    index: BookIndex,
    waived: frozenset[str],
    round_to_minor: Rounding,
) -> list[Charge]:
    """The charges of a phase that apply and come to something, by priority.

    `base_minor` is what a share is taken of: what is left of the lines, or (after tax) what they and the charges
    before tax cost altogether.
    """
    charges: list[Charge] = []
    for charge in index.charges:
        if charge.phase == phase and charge.id not in waived and holds(when=charge.when, context=context):
            amount = _amount(charge, base_minor, context.covers, round_to_minor)
            if amount:
                charges.append(Charge(charge, amount))
    return charges


def tax_charges(*, charges: list[Charge], lines: list[Line], taxation: Taxation) -> None:
    """Give taxable charges their taxes: of their own class, or each share like the part it falls on."""
    for charge in charges:
        if not charge.source.taxable:
            continue
        if charge.source.tax_class is not None:
            charge.taxed = [
                taxation.taxed(amount=charge.amount, quantity=SCALE, tax_class=charge.source.tax_class)
            ]
            continue
        parts = [(line, part) for line in lines for part in line.parts]
        shares = share(charge.amount, [part.left for _, part in parts])
        charge.taxed = [
            taxation.taxed(
                amount=own, quantity=0, tax_class=part.tax_class, order_type=line.source.order_type
            )
            for (line, part), own in zip(parts, shares, strict=True)
        ]


def _amount(charge: ServiceCharge, base_minor: int, covers: int, round_to_minor: Rounding) -> int:
    if charge.percent is not None:
        numerator, denominator = charge.percent.as_integer_ratio()
        return round_to_minor(base_minor * numerator, denominator)
    if charge.amount_minor is not None:
        return charge.amount_minor
    return (charge.per_cover_minor or 0) * covers
