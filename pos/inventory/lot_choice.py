"""Which lots goods are taken from when nobody says: first expiring first out. Pure."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So much of a quantity, of a lot; of none for what no lot is left of."""

    lot_id: UUID | None
    quantity: Decimal


class LotsThere:
    """What is there of each lot of each variant, first expiring first; what is taken is gone for the next."""

    def __init__(self, rows: Iterable[tuple[UUID, UUID, Decimal]]) -> None:
        self._left: dict[UUID, MutableMapping[UUID, Decimal]] = {}
        for variant_id, lot_id, on_hand in rows:
            self._left.setdefault(variant_id, {})[lot_id] = on_hand

    def take(self, *, variant_id: UUID, lot_id: UUID, quantity: Decimal) -> None:
        """Somebody said that it was this lot: so much less is left of it, whatever was there."""
        lots = self._left.get(variant_id, {})
        if lot_id in lots:
            lots[lot_id] -= quantity

    def first_out(self, *, variant_id: UUID, quantity: Decimal) -> Iterator[Part]:
        """Split `quantity` over what is left; the rest, when the lots do not suffice, is of no lot."""
        lots = self._left.get(variant_id, {})
        for lot_id, left in lots.items():
            taken = min(left, quantity)
            if taken > 0:
                lots[lot_id] = left - taken
                quantity -= taken
                yield Part(lot_id=lot_id, quantity=taken)
        if quantity > 0:
            yield Part(lot_id=None, quantity=quantity)


def shares(*, value: Decimal | None, parts: Sequence[Part]) -> list[Decimal | None]:
    """What each part is worth of a stated `value`, exactly the whole together; nothing where none was stated."""
    if value is None:
        return [None] * len(parts)
    whole = sum((part.quantity for part in parts), Decimal(0))
    step = Decimal(1).scaleb(-15)
    given = [(value * part.quantity / whole).quantize(step) for part in parts[:-1]]
    return [*given, value - sum(given, Decimal(0))]


def sold_too_often(*, sold: Mapping[UUID, Decimal], now: Iterable[UUID]) -> Iterator[bool]:
    """For each serial sold `now`, in this order, whether it was sold before and did not come back."""
    out = dict(sold)
    for lot_id in now:
        yield out.get(lot_id, Decimal(0)) < 0
        out[lot_id] = out.get(lot_id, Decimal(0)) - 1
