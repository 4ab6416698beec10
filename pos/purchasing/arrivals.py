"""What came of each line of a delivery: exact quantities, what they cost, which lots. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from pos.inventory.errors import QuantityOutOfRange
from pos.purchasing.drafts import ReceiptLineDraft
from pos.purchasing.errors import LotNeeded, LotsDoNotAddUp, LotsNotKept
from pos.purchasing.packs import PACK, Goods, check_amount, known_units, size_in, stored, value_of

NO_LOTS, LOTS, SERIALS = "none", "lot", "serial"
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A line of an order as receiving needs it."""

    id: UUID
    variant_id: UUID
    pack_name: str
    pack_size: Decimal
    pack_unit: str
    pack_price_minor: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Of what came: so much, in the item's unit, of a lot or a serial ('' for none), worth so much."""

    quantity: Decimal
    value_minor: Decimal | None
    code: str = ""
    kind: str = ""
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A line of a delivery, understood."""

    goods: Goods
    ordered_id: UUID | None
    stated_quantity: Decimal
    stated_unit: str
    quantity: Decimal
    rejected_quantity: Decimal
    reject_reason: str
    value_minor: Decimal | None
    parts: tuple[Part, ...]


def arrival(*, line: ReceiptLineDraft, goods: Goods, ordered: Ordered | None, pointer: str) -> Arrival:
    """Understand a line; `ordered` where it is of an order.

    Raises `UnknownUnit`, `QuantityOutOfRange`, `LotNeeded`, `LotsDoNotAddUp`, `LotsNotKept` with pointers.
    """
    if not line.quantity and not line.rejected_quantity:
        raise QuantityOutOfRange("Nothing came of this.", pointer=f"{pointer}/quantity")
    unit, one = _unit(line, goods, ordered, pointer)
    exact = one * Fraction(line.quantity)
    quantity = stored(exact, pointer=f"{pointer}/quantity")
    rejected = stored(one * Fraction(line.rejected_quantity), pointer=f"{pointer}/rejected_quantity")
    value = _value(line, goods, ordered, exact, pointer) if quantity else None
    check_amount(value, pointer=f"{pointer}/unit_cost_minor")
    return Arrival(
        goods=goods,
        ordered_id=None if ordered is None else ordered.id,
        stated_quantity=line.quantity,
        stated_unit=unit,
        quantity=quantity,
        rejected_quantity=rejected,
        reject_reason=line.reject_reason,
        value_minor=value,
        parts=tuple(_parts(line, goods, one, quantity, value, pointer)) if quantity else (),
    )


def _unit(
    line: ReceiptLineDraft, goods: Goods, ordered: Ordered | None, pointer: str
) -> tuple[str, Fraction]:
    """The unit a line is stated in, and how many of the item's own one of it is."""
    said = line.unit
    is_pack = said is None or (said == PACK and PACK not in known_units(goods))
    if ordered is not None and is_pack:
        size = size_in(
            quantity=ordered.pack_size, unit=ordered.pack_unit, goods=goods, pointer=f"{pointer}/unit"
        )
        return ordered.pack_name or PACK, size
    unit = said or goods.unit
    return unit, size_in(quantity=Decimal(1), unit=unit, goods=goods, pointer=f"{pointer}/unit")


def _value(
    line: ReceiptLineDraft, goods: Goods, ordered: Ordered | None, exact: Fraction, pointer: str
) -> Decimal | None:
    """What it cost: as invoiced, else as ordered, else nobody knows."""
    if line.unit_cost_minor is not None:
        return value_of(exact=Fraction(line.quantity) * Fraction(line.unit_cost_minor))
    if ordered is None or ordered.pack_price_minor is None:
        return None
    pack = size_in(quantity=ordered.pack_size, unit=ordered.pack_unit, goods=goods, pointer=f"{pointer}/unit")
    return value_of(exact=exact / pack * Fraction(ordered.pack_price_minor))


def _parts(
    line: ReceiptLineDraft,
    goods: Goods,
    one: Fraction,
    quantity: Decimal,
    value: Decimal | None,
    pointer: str,
) -> Iterable[Part]:
    if goods.tracking == NO_LOTS:
        if line.lots or line.serials:
            raise LotsNotKept(f"Lots of {goods.name} are not kept.", pointer=f"{pointer}/lots")
        return [Part(quantity=quantity, value_minor=value)]
    if goods.tracking == SERIALS:
        return _pieces(line, goods, quantity, value, pointer)
    return _lots(line, goods, one, quantity, value, pointer)


def _lots(
    line: ReceiptLineDraft,
    goods: Goods,
    one: Fraction,
    quantity: Decimal,
    value: Decimal | None,
    pointer: str,
) -> list[Part]:
    if not line.lots:
        raise LotNeeded(f"Say which lots of {goods.name} came.", pointer=f"{pointer}/lots")
    codes = {lot.code for lot in line.lots}
    if sum((lot.quantity for lot in line.lots), _ZERO) != line.quantity or len(codes) != len(line.lots):
        raise LotsDoNotAddUp(
            "The lots are together what came, each once.",
            pointer=f"{pointer}/lots",
            expected=str(line.quantity),
        )
    quantities = [stored(one * Fraction(lot.quantity), pointer=f"{pointer}/lots") for lot in line.lots]
    quantities[-1] = quantity - sum(quantities[:-1], _ZERO)
    values = _shared(value, quantities)
    return [
        Part(
            quantity=each,
            value_minor=worth,
            code=lot.code,
            kind=LOTS,
            expires_on=lot.expires_on or line.expires_on,
        )
        for each, worth, lot in zip(quantities, values, line.lots, strict=True)
    ]


def _pieces(
    line: ReceiptLineDraft, goods: Goods, quantity: Decimal, value: Decimal | None, pointer: str
) -> list[Part]:
    if not line.serials:
        raise LotNeeded(f"The serials of {goods.name} are needed.", pointer=f"{pointer}/serials")
    if len(set(line.serials)) != len(line.serials) or Decimal(len(line.serials)) != quantity:
        raise LotsDoNotAddUp("As many serials as pieces, each once.", pointer=f"{pointer}/serials")
    ones = [Decimal(1)] * len(line.serials)
    return [
        Part(quantity=Decimal(1), value_minor=worth, code=serial, kind=SERIALS, expires_on=line.expires_on)
        for worth, serial in zip(_shared(value, ones), line.serials, strict=True)
    ]


def _shared(value: Decimal | None, quantities: list[Decimal]) -> list[Decimal | None]:
    """A value over quantities: 15 places each, the last takes what is left."""
    if value is None:
        return [None] * len(quantities)
    whole = sum(map(Fraction, quantities), Fraction(0))
    shares = [value_of(exact=Fraction(value) * Fraction(each) / whole) for each in quantities]
    shares[-1] = value - sum(shares[:-1], _ZERO)
    return list(shares)
