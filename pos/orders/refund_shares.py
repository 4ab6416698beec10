"""What of a sale goes back with a part of its goods, or with an amount of money. Pure.

The total of a line and each of its taxes are shared out cumulatively: after `x` of `Q` went back,
`half_up(amount * x / Q)` of it has; net and bases follow from them. A refund is the difference of two such sums;
the parts of a line add up to the line whatever the steps, and a whole line gives back exactly what it cost. What no
line has (service charges) goes along in proportion to the lines' money.

Money without goods is taken from what is left of every line, in proportion. Then the sharing starts anew: what is
left of each line is the whole from then on. Worked numbers: `docs/algorithms/refunds.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from pos.pricing.arithmetic import half_up, share

CHARGES: Final = "service_charge"
"""The class of sales of what is not the lines'."""


@dataclass(frozen=True, slots=True)
class TaxKey:
    """Which tax: as a receipt tells them apart. `rate` is a fraction as text."""

    code: str
    rate: str
    per_unit_minor: int | None
    is_inclusive: bool
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class TaxPart:
    """The base and the tax."""

    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money with its parts: the net by class of sales, and every tax. Net and taxes add up to the total."""

    nets: Mapping[str, int] = field(default_factory=dict)
    taxes: Mapping[TaxKey, TaxPart] = field(default_factory=dict)

    @property
    def net_minor(self) -> int:
        """All nets."""
        return sum(self.nets.values())

    @property
    def tax_minor(self) -> int:
        """All taxes."""
        return sum(part.tax_minor for part in self.taxes.values())

    @property
    def total_minor(self) -> int:
        """Net and taxes."""
        return self.net_minor + self.tax_minor

    def __add__(self, other: "Amounts") -> "Amounts":
        return _joined(self, other, 1)

    def __sub__(self, other: "Amounts") -> "Amounts":
        return _joined(self, other, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSold:
    """A line as it was sold."""

    id: UUID
    quantity: Decimal
    amounts: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """An order as it was sold. `charges` is what of its total is not the lines'."""

    lines: tuple[LineSold, ...]
    charges: Amounts = field(default_factory=Amounts)

    @property
    def amounts(self) -> Amounts:
        """All of it."""
        return added(each.amounts for each in self.lines) + self.charges


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What of an order went back: how much of each line, for which amounts, and for which of the charges."""

    quantities: Mapping[UUID, Decimal] = field(default_factory=dict)
    lines: Mapping[UUID, Amounts] = field(default_factory=dict)
    charges: Amounts = field(default_factory=Amounts)

    @property
    def amounts(self) -> Amounts:
        """All of it."""
        return added(self.lines.values()) + self.charges

    def __add__(self, other: "Back") -> "Back":
        keys = dict.fromkeys((*self.quantities, *self.lines, *other.quantities, *other.lines))
        return Back(
            quantities={key: self.quantity(key) + other.quantity(key) for key in keys},
            lines={key: self.line(key) + other.line(key) for key in keys},
            charges=self.charges + other.charges,
        )

    def quantity(self, line_id: UUID) -> Decimal:
        """How much of the line came back."""
        return self.quantities.get(line_id, Decimal(0))

    def line(self, line_id: UUID) -> Amounts:
        """What was given back for the line."""
        return self.lines.get(line_id, Amounts())


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What went back of an order so far. `since` is what had when money was last given back without goods."""

    back: Back = field(default_factory=Back)
    since: Back = field(default_factory=Back)

    def after(self, *, goods: Back, goodwill: Back | None = None) -> "History":
        """The history with one more refund: first its goods, then its money without goods, if there is any."""
        back = self.back + goods
        if goodwill is None:
            return History(back=back, since=self.since)
        back += goodwill
        return History(back=back, since=back)


class MoreThanSold(ValueError):
    """More is asked for than is left."""


def goods_refund(*, sold: Sold, history: History, quantities: Mapping[UUID, Decimal]) -> Back:
    """What is given back for so much of these lines. Raises `MoreThanSold` for a line of which less is left."""
    lines: dict[UUID, Amounts] = {}
    for line in sold.lines:
        if line.id in quantities:
            lines[line.id] = _line_refund(line, history, quantities[line.id])
    charges = _charges_refund(sold, history, quantities, lines)
    return Back(quantities=dict(quantities), lines=lines, charges=charges)


def goodwill_refund(*, sold: Sold, history: History, amount_minor: int) -> Back:
    """What of each line `amount_minor` is taken from; no goods come back. Raises `MoreThanSold`."""
    left = [(line.id, line.amounts - history.back.line(line.id)) for line in sold.lines]
    charges = sold.charges - history.back.charges
    weights = [max(amounts.total_minor, 0) for _, amounts in left] + [max(charges.total_minor, 0)]
    if amount_minor > sum(weights):
        raise MoreThanSold(amount_minor)
    *parts, of_charges = share(amount_minor, weights)
    lines = {
        key: shared(amounts, Fraction(part, amounts.total_minor))
        for (key, amounts), part in zip(left, parts, strict=True)
        if part
    }
    taken = shared(charges, Fraction(of_charges, charges.total_minor)) if of_charges else Amounts()
    return Back(lines=lines, charges=taken)


def shared(amounts: Amounts, part: Fraction) -> Amounts:
    """`part` (0 to 1) of it: the total and each tax rounded half up, the nets what is left, class by class.

    So are the bases of the taxes: what is owed on all of the net is owed on all of what goes back of it.
    """
    up, down = part.numerator, part.denominator
    taxes = {key: half_up(each.tax_minor * up, down) for key, each in amounts.taxes.items()}
    net = half_up(amounts.total_minor * up, down) - sum(taxes.values())
    bases = _bases(amounts, net, part)
    return Amounts(
        nets=_nets(amounts.nets, net), taxes={key: TaxPart(bases[key], tax) for key, tax in taxes.items()}
    )


def added(many: Iterable[Amounts]) -> Amounts:
    """All of them together."""
    together = Amounts()
    for each in many:
        together += each
    return together


def _line_refund(line: LineSold, history: History, quantity: Decimal) -> Amounts:
    gone, since = history.back.quantity(line.id), history.since.quantity(line.id)
    whole = Fraction(line.quantity) - Fraction(since)
    before = Fraction(gone) - Fraction(since)
    if quantity < 0 or before + Fraction(quantity) > whole:
        raise MoreThanSold(line.id)
    if not quantity:
        return Amounts()
    left = line.amounts - history.since.line(line.id)
    return shared(left, (before + Fraction(quantity)) / whole) - shared(left, before / whole)


def _charges_refund(
    sold: Sold, history: History, quantities: Mapping[UUID, Decimal], lines: Mapping[UUID, Amounts]
) -> Amounts:
    """The charges' share, by the lines' money; with lines that cost nothing, when the last of them is back."""
    left = sold.charges - history.since.charges
    since = added(history.since.lines.values()).total_minor
    whole = added(each.amounts for each in sold.lines).total_minor - since
    if whole <= 0:
        back = history.back
        is_last = all(
            back.quantity(each.id) + quantities.get(each.id, 0) == each.quantity for each in sold.lines
        )
        return left if is_last and any(quantities.values()) else Amounts()
    before = Fraction(added(history.back.lines.values()).total_minor - since, whole)
    now = Fraction(added(lines.values()).total_minor, whole)
    return shared(left, before + now) - shared(left, before)


def _nets(nets: Mapping[str, int], net_minor: int) -> dict[str, int]:
    """`net_minor` over the classes as `nets` is; running sums are rounded, so all of it is given out."""
    whole = sum(nets.values())
    if not whole:
        first = next(iter(nets), CHARGES)
        return {**nets, first: nets.get(first, 0) + net_minor} if net_minor else dict(nets)
    parts: dict[str, int] = {}
    running = given = 0
    for name, each in nets.items():
        running += each
        upto = half_up(running * net_minor, whole) if whole > 0 else half_up(-running * net_minor, -whole)
        parts[name] = upto - given
        given = upto
    return parts


def _bases(amounts: Amounts, net_minor: int, part: Fraction) -> dict[TaxKey, int]:
    """The taxes' bases for `part` of it, whose net is `net_minor`.

    The base that is the whole net stays the net. Bases that are the net together stay so: the largest takes what
    rounding the others leaves. Nothing of it when nothing goes back, all of it when everything does.
    """
    whole = amounts.net_minor
    bases = {
        key: net_minor
        if each.net_minor == whole
        else half_up(each.net_minor * part.numerator, part.denominator)
        for key, each in amounts.taxes.items()
    }
    split = [key for key, each in amounts.taxes.items() if each.net_minor != whole]
    if split and sum(amounts.taxes[key].net_minor for key in split) == whole:
        largest = max(split, key=lambda key: abs(amounts.taxes[key].net_minor))
        bases[largest] += net_minor - sum(bases[key] for key in split)
    return bases


def _joined(one: Amounts, other: Amounts, sign: int) -> Amounts:
    nets = dict(one.nets)
    for name, each in other.nets.items():
        nets[name] = nets.get(name, 0) + sign * each
    taxes = dict(one.taxes)
    for key, part in other.taxes.items():
        mine = taxes.get(key, TaxPart(0, 0))
        taxes[key] = TaxPart(mine.net_minor + sign * part.net_minor, mine.tax_minor + sign * part.tax_minor)
    return Amounts(nets=nets, taxes=taxes)


def ordered_taxes(amounts: Amounts) -> Sequence[tuple[TaxKey, TaxPart]]:
    """The taxes in the order in which they are told, those that come to nothing left out."""
    keys = sorted(amounts.taxes, key=lambda key: (key.code, Fraction(key.rate), key.per_unit_minor or 0))
    return [(key, amounts.taxes[key]) for key in keys if amounts.taxes[key] != TaxPart(0, 0)]
