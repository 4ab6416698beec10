"""The goods of a sale: what is taken from where it was said, and what to say of what was not there. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from fynlo.core.errors import FieldProblem
from pos.inventory.errors import OutOfStock
from pos.inventory.goods import Shortage, SoldGoods
from pos.inventory.policies import DENY
from pos.inventory.quantities import plain_quantity
from pos.orders.drafts import BasketDraft
from pos.pricing.types import PricedLine


def goods_sold(*, draft: BasketDraft, lines: Sequence[PricedLine]) -> Iterator[SoldGoods]:
    """What was sold, or the components of a combo, each with the place where it stands."""
    for index, (line, priced) in enumerate(zip(draft.lines, lines, strict=True)):
        if not priced.parts:
            yield SoldGoods(
                line_id=line.id,
                variant_id=line.variant_id,
                quantity=line.quantity,
                pointer=f"/lines/{index}/variant_id",
            )
            continue
        for place, part in enumerate(line.components):
            yield SoldGoods(
                line_id=line.id,
                variant_id=part.variant_id,
                quantity=line.quantity,
                pointer=f"/lines/{index}/components/{place}/variant_id",
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
