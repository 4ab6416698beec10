"""Adjusting stock by hand: so much more, so much less, or set to a figure, with a reason; and taking it back."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date, rfc3339
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, NotFound
from fynlo.core.locks import lock_key
from fynlo.events.log import append, unit_of_work
from pos.catalog.conversion import NoConversion, convert
from pos.events import StockMoved
from pos.inventory.errors import AlreadyDone, UnacceptableStock
from pos.inventory.models import StockLot, StockMovement
from pos.inventory.places import Place
from pos.inventory.quantities import stock_quantity, stock_value
from pos.inventory.queries.adjustments import adjustment_document, lots_on_hand, worth_of
from pos.inventory.queries.goods import LARGEST, Goods, goods
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle
from pos.registers.models import Location

MOVE: Final = "stock.move"
SHOP, CHANNEL = SOURCES = ("shop", "channel")
REASONS: Final = ("correction", "found", "lost", "damaged", "own_use", "gift", "sample", "channel", "other")
REVERTED: Final = "reverted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentLine:
    """A variant's `quantity` more (or less: negative), or what it is set to, in `unit` ('': the item's own).

    `unit_cost_minor` is what one `unit` of what comes in costs, if somebody knows.
    """

    variant_id: UUID
    quantity: Decimal | None = None
    set_to: Decimal | None = None
    unit: str = ""
    unit_cost_minor: Decimal | None = None
    lot_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentDraft:
    """An adjustment of stock at a location, for one reason. `source` says whether an online channel asked."""

    id: UUID
    location_id: UUID
    reason_code: str
    reason: str
    lines: tuple[AdjustmentLine, ...]
    source: str = SHOP


def adjust_stock(*, draft: AdjustmentDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record the adjustment, all of it or nothing, settle its costs and tell the feed; returns its document.

    Lines that are set to what is there already move nothing. Raises `UnacceptableStock` with a pointer and a
    code for every member that cannot be, `NotFound` for the location, `AlreadyDone` for an id that was used.
    """
    actor.require(MOVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            return _adjust(draft, actor=actor, at=at)

    return run_transaction(write)


def revert_adjustment(*, adjustment_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Take an adjustment back, once, by movements that name its own; returns its document.

    What comes back is worth what it was worth when it left. Raises `NotFound`, `AlreadyDone`.
    """
    actor.require(MOVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            return _revert(adjustment_id, actor=actor, at=at)

    return run_transaction(write)


def _adjust(draft: AdjustmentDraft, *, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    lock_key(draft.id)
    location = Location.objects.filter(pk=draft.location_id).first()
    if location is None:
        raise NotFound("There is no such location.", pointer="/location_id")
    known = goods([line.variant_id for line in draft.lines])
    _refuse(_problems(draft, known))
    levels = lock_levels([Place(location.id, line.variant_id) for line in draft.lines])
    _refuse_repeat(draft.id)
    lots = lots_on_hand(
        location_id=location.id, lot_ids=[line.lot_id for line in draft.lines if line.lot_id is not None]
    )
    on_hand = {place.variant_id: quantity for place, quantity in levels.items()}
    changes = _changes(draft, known, on_hand, lots)
    cause = Cause(
        kind=StockMovement.CHANNEL if draft.source == CHANNEL else StockMovement.ADJUSTMENT,
        location_id=location.id,
        at=at,
        business_date=business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off),
        recorded_at=at,
        employee_id=actor.employee_id,
        document_id=draft.id,
        reason=f"{draft.reason_code}: {draft.reason}" if draft.reason else draft.reason_code,
    )
    record_all(cause=cause, changes=changes)
    return _tell(draft.id, sorted(levels), at=at, empty={"location_id": str(location.id)})


def record_all(*, cause: Cause, changes: Sequence[StockChange]) -> None:
    """Record what is valued and what is not, each by its own statement."""
    for part in (
        [change for change in changes if change.value_minor is not None],
        [change for change in changes if change.value_minor is None],
    ):
        if part:
            record_movements(cause=cause, changes=part)


def reversal_of(original: StockMovement, worth: Decimal) -> StockChange:
    """What takes a whole movement back. What comes in again is worth what it was worth when it went."""
    return StockChange(
        variant_id=original.variant_id,
        quantity=-original.quantity,
        value_minor=-worth if original.quantity < 0 else None,
        lot_id=original.lot_id,
        original_id=original.pk,
        original_quantity=original.quantity,
        reversed_before=Decimal(0),
    )


def _revert(adjustment_id: UUID, *, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    kinds = (StockMovement.ADJUSTMENT, StockMovement.CHANNEL)
    moved = list(StockMovement.objects.filter(document_id=adjustment_id, kind__in=kinds).order_by("id"))
    if not moved:
        raise NotFound("There is no such adjustment.")
    location = Location.objects.get(pk=moved[0].location_id)
    places = lock_levels([Place(location.id, each.variant_id) for each in moved])
    before = StockMovement.objects.filter(
        document_id=adjustment_id, reversed_before__isnull=False, kind__in=kinds
    ).first()
    if before is not None:
        raise _already(adjustment_id, before, REVERTED)
    cause = Cause(
        kind=moved[0].kind,
        location_id=location.id,
        at=at,
        business_date=business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off),
        recorded_at=at,
        employee_id=actor.employee_id,
        document_id=adjustment_id,
        reason=REVERTED,
    )
    worth = worth_of([each.pk for each in moved])
    record_all(cause=cause, changes=[reversal_of(each, worth[each.pk]) for each in moved])
    return _tell(adjustment_id, sorted(places), at=at)


def _tell(
    key: UUID, places: Iterable[Place], *, at: dt.datetime, empty: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    settle(levels=places, at=at)
    document = adjustment_document(adjustment_id=key, empty=empty)
    append(StockMoved(entity_id=key, at=at, state=document))
    return document


def _refuse_repeat(key: UUID) -> None:
    """The key is locked: whoever sent the same id first is seen."""
    before = StockMovement.objects.filter(document_id=key).order_by("id").first()
    if before is not None:
        raise _already(key, before, "recorded")


def _already(key: UUID, movement: StockMovement, state: str) -> AlreadyDone:
    told = adjustment_document(adjustment_id=key)
    by, when = (
        told["reverted_by" if state == REVERTED else "by"],
        rfc3339(movement.recorded_at or movement.at),
    )
    who = by or "Somebody"
    return AlreadyDone(f"{who} did this at {when}.", pointer="/id", by=by, at=when, state=state)


def _changes(
    draft: AdjustmentDraft,
    known: Mapping[UUID, Goods],
    on_hand: dict[UUID, Decimal],
    lots: dict[UUID, Decimal],
) -> list[StockChange]:
    """What moves, in order: a line sees what the lines before it did."""
    changes = []
    for line in draft.lines:
        of = known[line.variant_id]
        one = _size(line, of)
        stated = line.quantity if line.quantity is not None else line.set_to
        quantity = stock_quantity(Fraction(stated or 0) * one)
        if line.set_to is not None:
            there = on_hand if line.lot_id is None else lots
            quantity -= there.get(line.lot_id or line.variant_id, Decimal(0))
        on_hand[line.variant_id] = on_hand.get(line.variant_id, Decimal(0)) + quantity
        if line.lot_id is not None:
            lots[line.lot_id] = lots.get(line.lot_id, Decimal(0)) + quantity
        is_valued = line.unit_cost_minor is not None and quantity > 0
        value = (
            stock_value(Fraction(quantity) * Fraction(line.unit_cost_minor or 0) / one) if is_valued else None
        )
        changes.append(
            StockChange(variant_id=line.variant_id, quantity=quantity, value_minor=value, lot_id=line.lot_id)
        )
    return [change for change in changes if change.quantity]


def _size(line: AdjustmentLine, of: Goods) -> Fraction:
    """How many of the item's unit one of the line's is. Raises `NoConversion`."""
    return convert(quantity=1, from_unit=line.unit or of.unit, to_unit=of.unit, units=of.units, unit=of.unit)


def _problems(draft: AdjustmentDraft, known: Mapping[UUID, Goods]) -> list[FieldProblem]:
    found = StockLot.objects.filter(pk__in={line.lot_id for line in draft.lines if line.lot_id})
    lots = dict(found.values_list("id", "variant_id"))
    problems: list[FieldProblem] = []
    for number, line in enumerate(draft.lines):
        problems += _line_problems(line, f"/lines/{number}", known.get(line.variant_id), lots)
    return problems


def _line_problems(
    line: AdjustmentLine, at: str, of: Goods | None, lots: Mapping[UUID, UUID]
) -> Iterable[FieldProblem]:
    if of is None:
        yield FieldProblem(f"{at}/variant_id", "not_found", "There is no such variant.")
        return
    if (line.quantity is None) == (line.set_to is None):
        yield FieldProblem(at, "one_of", "Say either `quantity` or `set_to`.")
        return
    member = "quantity" if line.quantity is not None else "set_to"
    if line.quantity is not None and line.unit_cost_minor is not None and line.quantity < 0:
        detail = "What leaves costs what it cost when it came; state a cost of what comes."
        yield FieldProblem(f"{at}/unit_cost_minor", "cost_of_outgoing", detail)
    if line.set_to is not None and line.set_to < 0:
        yield FieldProblem(f"{at}/set_to", "quantity_out_of_range", "Nothing can be set below zero.")
    if line.lot_id is not None and lots.get(line.lot_id) != line.variant_id:
        yield FieldProblem(f"{at}/lot_id", "foreign_lot", f"This is no lot of {of.name}.")
    try:
        rounded = stock_quantity(Fraction(line.quantity or line.set_to or 0) * _size(line, of))
    except NoConversion:
        yield FieldProblem(f"{at}/unit", "unknown_unit", f"{of.name} is not counted in {line.unit}.")
        return
    if abs(rounded) >= LARGEST:
        yield FieldProblem(f"{at}/{member}", "quantity_out_of_range", "The quantity is too large.")
    if line.quantity is not None and not rounded:
        yield FieldProblem(
            f"{at}/quantity", "quantity_out_of_range", "A quantity other than zero is expected."
        )


def _refuse(problems: Sequence[FieldProblem]) -> None:
    if problems:
        detail = problems[0].detail if len(problems) == 1 else "Some members cannot be; `errors` names each."
        raise UnacceptableStock(detail, errors=problems)
