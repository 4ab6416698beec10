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
from pos.inventory.count_drafts import CountDraft, CountScope, EntryDraft
from pos.inventory.models import StockHead, StockLevel, StockMovement
from pos.inventory.services import Cause, StockChange, record_movements
from pos.inventory.services.count_closing import close_count
from pos.inventory.services.count_entering import enter
from pos.inventory.services.count_opening import open_count
from pos.inventory.services.count_submitting import submit_count
from pos.inventory.services.production_checks import IngredientUsed, ProductionDraft
from pos.inventory.services.productions import produce
from pos.inventory.services.reservation_ends import expire_reservations
from pos.inventory.services.reservations import (
    ReservationDraft,
    ReservedLine,
    release_reservation,
    reserve,
)
from pos.inventory.services.returns import ReturnDraft, ReturnedLine, return_sale
from pos.inventory.services.revaluing import RevaluationDraft, revalue
from pos.inventory.services.selling import record_sale
from pos.inventory.services.settling import settle, settle_all
from pos.inventory.services.transfer_receiving import receive_transfer
from pos.inventory.services.transfers import draft_transfer, send_transfer
from pos.inventory.transfer_drafts import (
    ArrivalDraft,
    MissingDraft,
    ReceiptDraft,
    TransferDraft,
    TransferLineDraft,
)
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


class Sent(NamedTuple):
    """A transfer of one line, and the movement that left."""

    transfer_id: UUID
    line_id: UUID
    movement_id: UUID


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

    def begin_count(self, name: str, location: str, *, now: int) -> UUID:
        """A spot count of one kind of goods."""
        draft = CountDraft(
            kind="spot",
            location_id=self.locations[location],
            scope=CountScope(variant_ids=(self.goods[name],)),
        )
        return UUID(open_count(draft=draft, actor=SYSTEM, at=moment(now))["id"])

    def enter(self, count: UUID, name: str, quantity: Fraction, *, at: int, now: int) -> None:
        """So many were found at a time."""
        draft = EntryDraft(
            id=new_id(),
            counted_at=moment(at),
            variant_id=self.goods[name],
            quantity=decimal(quantity),
        )
        enter(count_id=count, drafts=[draft], actor=SYSTEM, at=moment(now))

    def close_count(self, count: UUID, *, now: int) -> None:
        """Submitted and approved."""
        submit_count(count_id=count, uncounted="leave", actor=SYSTEM, at=moment(now))
        close_count(count_id=count, actor=SYSTEM, at=moment(now))

    def send(self, name: str, here: str, there: str, quantity: Fraction, *, now: int) -> Sent:
        """Goods leave for the other place."""
        draft = TransferDraft(
            from_location_id=self.locations[here],
            to_location_id=self.locations[there],
            lines=(TransferLineDraft(variant_id=self.goods[name], quantity=decimal(quantity)),),
        )
        document = draft_transfer(draft=draft, actor=SYSTEM, at=moment(now))
        send_transfer(transfer_id=draft.id, actor=SYSTEM, at=moment(now))
        out = StockMovement.objects.get(document_id=draft.id, kind="transfer_out")
        return Sent(draft.id, UUID(document["lines"][0]["id"]), out.id)

    def arrive(
        self, sent: Sent, *, received: Fraction, broken: Fraction, back: Fraction, now: int
    ) -> list[UUID]:
        """Some arrive, some are written off, some go back; returns the movements there, of waste, and back."""
        missing = [
            MissingDraft(quantity=decimal(quantity), reason="damaged", outcome=outcome)
            for quantity, outcome in ((broken, "waste"), (back, "return"))
            if quantity
        ]
        line = ArrivalDraft(line_id=sent.line_id, received=decimal(received), missing=tuple(missing))
        before = set(self._of(sent.transfer_id))
        receive_transfer(
            transfer_id=sent.transfer_id, draft=ReceiptDraft(lines=(line,)), actor=SYSTEM, at=moment(now)
        )
        return [key for key in self._of(sent.transfer_id) if key not in before]

    def reserve(self, name: str, location: str, quantity: Fraction, *, until: int, now: int) -> UUID:
        """Goods are kept for somebody."""
        draft = ReservationDraft(
            id=new_id(),
            kind="online",
            location_id=self.locations[location],
            expires_at=moment(until),
            lines=(ReservedLine(variant_id=self.goods[name], quantity=decimal(quantity)),),
        )
        reserve(draft=draft, actor=SYSTEM, at=moment(now))
        return draft.id

    def release(self, reservation: UUID, *, now: int) -> None:
        """They are let go."""
        release_reservation(reservation_id=reservation, actor=SYSTEM, at=moment(now))

    def sweep(self, *, now: int) -> None:
        """Whatever was kept for too long is let go."""
        expire_reservations(at=moment(now))

    @staticmethod
    def _of(document: UUID) -> list[UUID]:
        rows = StockMovement.objects.filter(document_id=document).exclude(kind="revaluation")
        return list(rows.order_by("id").values_list("id", flat=True))

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
