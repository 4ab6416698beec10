"""The goods of a sale: what is taken from where it was said, and what to say of what was not there. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from uuid import UUID

from pos.inventory.explosion import Chosen
from pos.inventory.goods import SoldGoods
from pos.orders.drafts import BasketDraft, ModifierDraft
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
                modifiers=tuple(_chosen(line.modifiers)),
                code=line.serial or line.lot,
            )
            continue
        for place, part in enumerate(line.components):
            yield SoldGoods(
                line_id=line.id,
                variant_id=part.variant_id,
                quantity=line.quantity,
                pointer=f"/lines/{index}/components/{place}/variant_id",
                modifiers=tuple(
                    _chosen((*part.modifiers, *line.modifiers) if place == 0 else part.modifiers)
                ),
            )


def modifier_ids(draft: BasketDraft) -> set[UUID]:
    """Every modifier of a draft."""
    lines = (line.modifiers for line in draft.lines)
    components = (part.modifiers for line in draft.lines for part in line.components)
    return {each.modifier_id for modifiers in (*lines, *components) for each in _chosen(modifiers)}


def _chosen(modifiers: Iterable[ModifierDraft], times: int = 1) -> Iterator[Chosen]:
    """Each modifier, and those of modifiers, as often as it is there per unit of the goods."""
    for each in modifiers:
        count = times * each.quantity
        yield Chosen(modifier_id=each.modifier_id, quantity=Fraction(count))
        yield from _chosen(each.modifiers, count)
