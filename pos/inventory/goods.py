"""From what was sold to what leaves the shelf, and what of it there is not enough. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pos.inventory.policies import ALLOW, UNTRACKED


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldGoods:
    """So much of a variant, for a line. `pointer` is where whoever sent it said so."""

    line_id: UUID
    variant_id: UUID
    quantity: Decimal
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """So much of a variant that leaves the shelf for a line, once per variant and line."""

    line_id: UUID
    variant_id: UUID
    quantity: Decimal
    pointer: str


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


def goods_taken(*, sold: Iterable[SoldGoods], policies: Mapping[UUID, str]) -> list[Taken]:
    """What leaves the shelf, in the order it was sold; the same variant of a line is added up.

    What is not tracked leaves no trace.
    """
    sums: dict[tuple[UUID, UUID], Taken] = {}
    for each in sold:
        if policies.get(each.variant_id) == UNTRACKED:
            continue
        key = each.line_id, each.variant_id
        before = sums.get(key)
        sums[key] = Taken(
            line_id=each.line_id,
            variant_id=each.variant_id,
            quantity=each.quantity if before is None else before.quantity + each.quantity,
            pointer=each.pointer if before is None else before.pointer,
        )
    return list(sums.values())


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
