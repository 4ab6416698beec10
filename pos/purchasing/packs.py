"""Quantities of packs and other units in an item's own, exactly, and what they cost. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from fynlo.core.money import MAX_MINOR
from pos.catalog.conversion import NoConversion, convert
from pos.inventory.errors import QuantityOutOfRange, UnknownUnit
from pos.inventory.quantities import stock_quantity, whole_minor

PACK: Final = "pack"
"""The unit of an order line's own packs, unless the item has a unit of this name."""
_WIDE: Final = Context(prec=60)
_VALUE: Final = Decimal(1).scaleb(-15)
_MOST: Final = Decimal(10) ** 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A variant as buying needs it. Of what is not `has_stock` no movement is recorded."""

    id: UUID
    sku: str
    name: str
    unit: str
    units: tuple[Mapping[str, Any], ...] = ()
    tracking: str = "none"
    shelf_life_days: int | None = None
    has_stock: bool = True


def size_in(*, quantity: Decimal, unit: str, goods: Goods, pointer: str) -> Fraction:
    """`quantity` of `unit` in the item's own, exactly; raises `UnknownUnit` at `pointer`."""
    try:
        return convert(
            quantity=quantity, from_unit=unit, to_unit=goods.unit, units=goods.units, unit=goods.unit
        )
    except NoConversion:
        known = ", ".join(known_units(goods))
        raise UnknownUnit(
            f"{goods.name} is not counted in this unit; known are {known}.", pointer=pointer
        ) from None


def stored(exact: Fraction, *, pointer: str) -> Decimal:
    """An exact quantity as it is stored, rounded once; raises `QuantityOutOfRange` for what no column holds."""
    quantity = stock_quantity(exact)
    if abs(quantity) >= _MOST:
        raise QuantityOutOfRange("This is more than can be counted.", pointer=pointer)
    if exact and not quantity:
        raise QuantityOutOfRange("This is less than can be counted.", pointer=pointer)
    return quantity


def check_amount(amount_minor: Decimal | int | None, *, pointer: str) -> None:
    """Raise `QuantityOutOfRange` for an amount that is more than programs which read it can count to."""
    if amount_minor is not None and amount_minor > MAX_MINOR:
        raise QuantityOutOfRange(f"An amount is at most {MAX_MINOR} minor units.", pointer=pointer)


def known_units(goods: Goods) -> Iterable[str]:
    """The units an item is surely counted in."""
    return dict.fromkeys((goods.unit, *(str(each["code"]) for each in goods.units)))


def line_amount(*, packs: Decimal, pack_price_minor: Decimal | None) -> int | None:
    """What a line costs in whole minor units, half up; None without a price."""
    return None if pack_price_minor is None else whole_minor(_WIDE.multiply(packs, pack_price_minor))


def value_of(*, exact: Fraction) -> Decimal:
    """A value in minor units with 15 places, half to even: exact wherever it was stated per stated unit."""
    return _WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator)).quantize(
        _VALUE, rounding=ROUND_HALF_EVEN, context=_WIDE
    )
