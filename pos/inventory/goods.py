"""From what was sold to what leaves the shelf, and what of it there is not enough. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from fynlo.core.errors import FieldProblem
from pos.inventory.errors import OutOfStock
from pos.inventory.explosion import Chosen, FlatNeeds, Portion, explode
from pos.inventory.policies import ALLOW, DENY, UNTRACKED
from pos.inventory.quantities import MOST, plain_quantity, stock_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldGoods:
    """So much of a variant with its modifiers, for a line. `pointer` is where whoever sent it said so.

    `code` is the lot or serial number that was scanned with it, if any.
    """

    line_id: UUID
    variant_id: UUID
    quantity: Decimal
    pointer: str
    modifiers: tuple[Chosen, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """So much of a variant that leaves the shelf for a line, once per variant and line."""

    line_id: UUID
    variant_id: UUID
    quantity: Decimal
    pointer: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A variant of which there is not enough after a sale, and the first place that asked for it."""

    variant_id: UUID
    pointer: str
    policy: str
    wanted: Decimal
    on_hand: Decimal
    available: Decimal

    @property
    def left(self) -> Decimal:
        """What could have been sold before."""
        return max(self.available + self.wanted, Decimal(0))


def goods_taken(
    *, sold: Iterable[SoldGoods], recipes: FlatNeeds, policies: Mapping[UUID, str]
) -> list[Taken]:
    """What leaves the shelf, in the order it was sold: the goods, or what they are made of.

    The same variant of a line is added up and rounded once. What is not tracked leaves no trace. Recipes of recipes
    can come to more than a movement holds; no sale is refused for that, so it takes the most there can be.
    """
    sums: dict[tuple[UUID, UUID], tuple[SoldGoods, Decimal | Fraction]] = {}
    for each in sold:
        for variant_id, quantity in _parts(each, recipes):
            if policies.get(variant_id) != UNTRACKED:
                first, before = sums.get((each.line_id, variant_id), (each, 0))
                # Decimals stay decimals, as long as no recipe was multiplied out.
                exact = type(before) is not Fraction and type(quantity) is not Fraction
                after = before + quantity if exact else Fraction(before) + Fraction(quantity)  # type: ignore[operator]
                sums[each.line_id, variant_id] = first, after
    return [
        Taken(
            line_id=line_id,
            variant_id=variant_id,
            quantity=min(quantity, MOST),
            pointer=first.pointer,
            code=first.code if variant_id == first.variant_id else "",
        )
        for (line_id, variant_id), (first, total) in sums.items()
        if (quantity := stock_quantity(total) if isinstance(total, Fraction) else total)
    ]


def _parts(sold: SoldGoods, recipes: FlatNeeds) -> Iterable[tuple[UUID, Decimal | Fraction]]:
    """What it is made of, or the goods themselves where no recipe says anything."""
    owners = recipes.by_owner
    if not owners or not (
        sold.variant_id in owners or any(each.modifier_id in owners for each in sold.modifiers)
    ):
        return ((sold.variant_id, sold.quantity),)
    portion = Portion(variant_id=sold.variant_id, quantity=sold.quantity, modifiers=sold.modifiers)
    return explode(portions=[portion], needs=recipes).items()


def shortages(
    *, taken: Iterable[Taken], levels: Mapping[UUID, tuple[Decimal, Decimal]], policies: Mapping[UUID, str]
) -> Iterator[Shortage]:
    """The variants whose level, (on hand, available) after the sale, is below zero, each at its first place.

    What may simply be sold (`allow`) is short when there is less than nothing on hand; under the other policies
    what is promised to somebody else is not there either.
    """
    wanted: dict[UUID, Decimal] = {}
    first: dict[UUID, str] = {}
    for each in taken:
        wanted[each.variant_id] = wanted.get(each.variant_id, Decimal(0)) + each.quantity
        first.setdefault(each.variant_id, each.pointer)
    for variant_id, quantity in wanted.items():
        if variant_id not in levels:
            continue
        on_hand, available = levels[variant_id]
        policy = policies.get(variant_id, ALLOW)
        if (on_hand if policy == ALLOW else available) < 0:
            yield Shortage(
                variant_id=variant_id,
                pointer=first[variant_id],
                policy=policy,
                wanted=quantity,
                on_hand=on_hand,
                available=available,
            )


def refuse_denied(short: Iterable[Shortage]) -> None:
    """Raise `OutOfStock` with a pointer to everything that is not sold when it is not there."""
    denied = [each for each in short if each.policy == DENY]
    if denied:
        problems = [
            FieldProblem(each.pointer, OutOfStock.code, f"There are only {plain_quantity(each.left)} left.")
            for each in denied
        ]
        raise OutOfStock(
            errors=problems,
            short=[
                {
                    "variant_id": str(each.variant_id),
                    "wanted": plain_quantity(each.wanted),
                    "available": plain_quantity(each.left),
                }
                for each in denied
            ],
        )
