"""The product as the machine drives it: the same services that tills, people and tasks call.

Goods are three, places two. Times are minutes after a start; the clock never stands still, and what is recorded
late says when it happened.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from django.db.models import Sum

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from pos.inventory.models import StockHead, StockLevel, StockMovement
from pos.inventory.services import Cause, StockChange, record_movements
from pos.inventory.services.production_checks import IngredientUsed, ProductionDraft
from pos.inventory.services.productions import produce
from pos.inventory.services.returns import ReturnDraft, ReturnedLine, return_sale
from pos.inventory.services.revaluing import RevaluationDraft, revalue
from pos.inventory.services.selling import record_sale
from pos.inventory.services.settling import settle, settle_all
from tests.properties.stock.model import Place

START = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)


def moment(minute: int) -> dt.datetime:
    """The instant that a minute of the machine stands for."""
    return START + dt.timedelta(minutes=minute)


def decimal(value: Fraction) -> Decimal:
    """An exact quantity or cost (the machine uses only such) as a decimal."""
    return Decimal(value.numerator) / Decimal(value.denominator)


class Sold(NamedTuple):
    """A line of a sale, and its movement."""

    order_id: UUID
    line_id: UUID
    movement_id: UUID
    quantity: Decimal


class Product:
    """A merchant's stock on PostgreSQL. `goods` and `locations` are keys by name."""

    def __init__(self, *, goods: dict[str, UUID], locations: dict[str, UUID], method: str) -> None:
        self.goods, self.locations = goods, locations
        StockHead.objects.update(cost_method=method)

    def sell(self, location: str, lines: Sequence[tuple[str, Fraction]], *, at: int, now: int) -> list[Sold]:
        """A sale of several lines; returns them in their order."""
        order_id = new_id()
        changes = [
            StockChange(variant_id=self.goods[name], quantity=-decimal(quantity), order_line_id=new_id())
            for name, quantity in lines
        ]
        with unit_of_work():
            record_sale(
                order_id=order_id,
                location_id=self.locations[location],
                changes=changes,
                employee_id=None,
                at=moment(at),
                business_date=moment(at).date(),
                recorded_at=moment(now),
            )
        made = dict(
            StockMovement.objects.filter(order_id=order_id, kind="sale").values_list("order_line_id", "id")
        )
        return [
            Sold(order_id, change.order_line_id, made[change.order_line_id], -change.quantity)
            for change in changes
            if change.order_line_id is not None
        ]

    def refund(
        self,
        sold: Sold,
        location: str,
        quantity: Fraction,
        *,
        is_waste: bool,
        now: int,
        key: UUID | None = None,
    ) -> tuple[UUID, list[UUID]]:
        """Goods of a line come back; returns the refund's key and its movements. Raises `MoreThanLeft`."""
        line = ReturnedLine(
            order_line_id=sold.line_id,
            line_quantity=sold.quantity,
            quantity=decimal(quantity),
            is_waste=is_waste,
        )
        draft = ReturnDraft(
            id=key or new_id(),
            order_id=sold.order_id,
            location_id=self.locations[location],
            lines=(line,),
        )
        return_sale(draft=draft, actor=SYSTEM, at=moment(now), business_date=moment(now).date())
        rows = StockMovement.objects.filter(document_id=draft.id).exclude(kind="revaluation").order_by("id")
        return draft.id, list(rows.values_list("id", flat=True))

    def produce(
        self, name: str, location: str, quantity: Fraction, used: Sequence[tuple[str, Fraction]], *, now: int
    ) -> list[UUID]:
        """A batch; returns the movements of what went in, in that order, and of what came out."""
        draft = ProductionDraft(
            variant_id=self.goods[name],
            location_id=self.locations[location],
            quantity=decimal(quantity),
            ingredients=tuple(
                IngredientUsed(variant_id=self.goods[each], quantity=decimal(much)) for each, much in used
            ),
        )
        document = produce(draft=draft, actor=SYSTEM, at=moment(now))
        rows = StockMovement.objects.filter(document_id=UUID(document["id"]), kind="production")
        made = dict(rows.values_list("variant_id", "id"))
        return [made[self.goods[each]] for each in (*(each for each, _ in used), name)]

    def revalue(self, name: str, location: str, difference: Fraction, *, now: int) -> UUID:
        """What is there is worth so much more; returns the movement."""
        draft = RevaluationDraft(
            id=new_id(),
            location_id=self.locations[location],
            variant_id=self.goods[name],
            reason="market",
            difference_minor=decimal(difference),
        )
        revalue(draft=draft, actor=SYSTEM, at=moment(now))
        rows = StockMovement.objects.filter(document_id=draft.id, original_id=None)
        return rows.values_list("id", flat=True).get()

    def record(
        self,
        kind: str,
        location: str,
        moves: Sequence[tuple[str, Fraction, Fraction | None, UUID | None]],
        *,
        at: int,
        now: int,
    ) -> list[UUID]:
        """Movements of one document: (goods, quantity, stated value, original). Costs are settled with them."""
        document = new_id()
        cause = Cause(
            kind=kind,
            location_id=self.locations[location],
            at=moment(at),
            business_date=moment(at).date(),
            recorded_at=moment(now),
            document_id=document,
        )
        changes = [
            StockChange(
                variant_id=self.goods[name],
                quantity=decimal(quantity),
                value_minor=None if value is None else decimal(value),
                original_id=original,
            )
            for name, quantity, value, original in moves
        ]
        with unit_of_work():
            record_movements(cause=cause, changes=changes)
            levels = {(cause.location_id, change.variant_id) for change in changes}
            settle(levels=levels, at=moment(now))
        rows = StockMovement.objects.filter(document_id=document, kind=kind).order_by("id")
        return list(rows.values_list("id", flat=True))

    def settle(self, now: int) -> None:
        """What the background task does after sales, as often as it takes."""
        while any(settled.corrections or settled.pending for settled in settle_all(at=moment(now))):
            pass

    def level(self, place: Place) -> StockLevel | None:
        """The projected level."""
        variant, location = self._keys(place)
        return StockLevel.objects.filter(variant_id=variant, location_id=location).first()

    def sums(self, place: Place) -> tuple[Decimal, Decimal]:
        """Quantity and value, added up from the movements."""
        variant, location = self._keys(place)
        rows = StockMovement.objects.filter(variant_id=variant, location_id=location)
        found = rows.aggregate(quantity=Sum("quantity"), value=Sum("value_minor"))
        return found["quantity"] or Decimal(0), found["value"] or Decimal(0)

    def worth(self, movement_id: UUID) -> Decimal:
        """What a movement is worth: its own value, and what settling said of it since."""
        own = StockMovement.objects.values_list("value_minor", flat=True).get(pk=movement_id)
        later = StockMovement.objects.filter(original_id=movement_id, kind="revaluation")
        return own + (later.aggregate(total=Sum("value_minor"))["total"] or Decimal(0))

    def _keys(self, place: Place) -> tuple[UUID, UUID]:
        return self.goods[place[0]], self.locations[place[1]]
