"""What somebody counts or sends: variants with their units, how they are told apart, and their lots."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from pos.catalog.conversion import NoConversion, convert
from pos.catalog.models import Variant
from pos.inventory.errors import QuantityOutOfRange, UnknownUnit
from pos.inventory.models import StockHead, StockItem, StockLot
from pos.inventory.models.settings import ALLOW, NO_LOTS, UNTRACKED
from pos.inventory.quantities import stock_quantity

LARGEST: Final = Decimal(10) ** 12
"""Quantities from here on fit in no movement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A variant as stock sees it."""

    variant_id: UUID
    item_id: UUID
    name: str
    sku: str
    unit: str
    units: tuple[dict[str, Any], ...]
    is_stocked: bool
    tracking: str

    @property
    def has_lots(self) -> bool:
        """Whether its pieces are told apart."""
        return self.tracking != NO_LOTS


def goods(variant_ids: Collection[UUID]) -> dict[UUID, Goods]:
    """The variants that are there, by key; three statements."""
    rows = list(Variant.objects.filter(pk__in=set(variant_ids)).select_related("item"))
    kept = {row.item_id: row for row in StockItem.objects.filter(item_id__in={row.item_id for row in rows})}
    house = StockHead.objects.values_list("default_policy", flat=True).first() or ALLOW
    found = {}
    for row in rows:
        own = kept.get(row.item_id)
        found[row.pk] = Goods(
            variant_id=row.pk,
            item_id=row.item_id,
            name=f"{row.item.name}, {row.name}" if row.name else row.item.name,
            sku=row.sku,
            unit=row.item.unit,
            units=tuple(row.item.units),
            is_stocked=((own.policy if own else "") or house) != UNTRACKED,
            tracking=own.tracking if own else NO_LOTS,
        )
    return found


def lots_of(*, lot_ids: Iterable[UUID], codes: Iterable[tuple[UUID, str]]) -> list[StockLot]:
    """Lots with these keys, and those of a variant with a code; one statement."""
    wanted = Q(pk__in=set(lot_ids))
    for variant_id, code in set(codes):
        wanted |= Q(variant_id=variant_id, code=code)
    return list(StockLot.objects.filter(wanted))


def lot_codes(lot_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The codes of lots, for documents."""
    wanted = {key for key in lot_ids if key is not None}
    return dict(StockLot.objects.filter(pk__in=wanted).values_list("id", "code")) if wanted else {}


def in_own_unit(*, of: Goods, quantity: Decimal, unit: str, pointer: str) -> Decimal:
    """`quantity` of `unit` in the item's unit, rounded once. Raises `UnknownUnit`, `QuantityOutOfRange`."""
    try:
        exact = convert(
            quantity=quantity, from_unit=unit or of.unit, to_unit=of.unit, units=of.units, unit=of.unit
        )
    except NoConversion:
        raise UnknownUnit(f"{of.name} is not counted in {unit}.", pointer=f"{pointer}/unit") from None
    rounded = stock_quantity(exact)
    if abs(rounded) >= LARGEST:
        raise QuantityOutOfRange("The quantity is too large.", pointer=f"{pointer}/quantity")
    return rounded
