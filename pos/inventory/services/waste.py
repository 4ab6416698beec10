"""Throwing away, with a reason: an ingredient, or a dish by its recipe. Taken back once; reasons are a list."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date, rfc3339
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, NotFound
from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.events import StockWasted, WasteReasonsChanged
from pos.inventory.errors import AlreadyDone
from pos.inventory.explosion import Portion, explode
from pos.inventory.models import StockHead, StockLot, StockMovement, StockWaste, WasteReason
from pos.inventory.places import Place
from pos.inventory.quantities import stock_quantity
from pos.inventory.queries.adjustments import names_of
from pos.inventory.queries.flat_needs import flat_needs
from pos.inventory.queries.goods import LARGEST, Goods, goods
from pos.inventory.queries.waste import Reason, waste_document, waste_reasons
from pos.inventory.services.happening import moment_of
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.lots import allocate
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.production_checks import in_unit, quantity_problems, refuse
from pos.inventory.services.reversing import reverse_movements
from pos.inventory.services.settling import settle
from pos.registers.models import Location

MOVE: Final = "stock.move"
WRITE: Final = "stock.write"
REVERTED: Final = "reverted"


@dataclass(frozen=True, slots=True, kw_only=True)
class WasteDraft:
    """`quantity` `unit` ('': its own) of a variant is thrown away, of a lot if somebody knows.

    `at` is when it was thrown away, if it is written down later.
    """

    location_id: UUID
    variant_id: UUID
    quantity: Decimal
    reason_code: str
    unit: str = ""
    note: str = ""
    lot_id: UUID | None = None
    at: dt.datetime | None = None


def record_waste(*, draft: WasteDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record what is thrown away, settle its costs and tell the feed; returns its document.

    Of a dish made to order its ingredients leave stock. Raises `Forbidden` without `stock.move`, `NotFound` for
    the location, `UnacceptableStock` with pointers (`unknown_reason`, `foreign_lot`, `unknown_unit` …), and
    `TimeOutOfRange` for a time that has not come.
    """
    actor.require(MOVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            return _record(draft, actor, at)

    return run_transaction(write)


def revert_waste(*, waste_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Take waste back, once: it was not thrown away. Raises `NotFound`, `AlreadyDone`."""
    actor.require(MOVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            return _revert(waste_id, actor, at)

    return run_transaction(write)


def save_waste_reasons(*, reasons: Sequence[Reason], actor: Actor, at: dt.datetime) -> list[Reason]:
    """Make `reasons` the merchant's list, in their order; none at all: the usual one again.

    Raises `Forbidden` without `stock.write`, `UnacceptableStock` for a code that is stated twice.
    """
    actor.require(WRITE)
    codes = [reason.code for reason in reasons]
    refuse(
        [
            FieldProblem(f"/reasons/{place}/code", "repeated", "This code is stated twice.")
            for place, code in enumerate(codes)
            if code in codes[:place]
        ]
    )

    def write() -> list[Reason]:
        with unit_of_work():
            StockHead.objects.select_for_update().get()
            WasteReason.objects.all().delete()
            WasteReason.objects.bulk_create(
                WasteReason(code=each.code, name=each.name, is_active=each.is_active, position=position)
                for position, each in enumerate(reasons)
            )
            told = [
                {"code": each.code, "name": each.name, "is_active": each.is_active}
                for each in waste_reasons()
            ]
            append(WasteReasonsChanged(entity_id=new_id(), at=at, state={"reasons": told}))
            return waste_reasons()

    return run_transaction(write)


def _record(draft: WasteDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    location = Location.objects.filter(pk=draft.location_id).first()
    if location is None:
        raise NotFound("There is no such location.", pointer="/location_id")
    happened = moment_of(stated=draft.at, at=at)
    needs = flat_needs(variant_ids=[draft.variant_id], modifier_ids=[], at=happened)
    known = goods([draft.variant_id, *(need.ingredient for need in needs.of_dish(draft.variant_id))])
    refuse(_problems(draft, known, is_dish=draft.variant_id in needs.by_owner))
    of = known[draft.variant_id]
    quantity = in_unit(of, draft.quantity, draft.unit)
    portion = Portion(variant_id=draft.variant_id, quantity=Fraction(quantity))
    changes = [
        StockChange(variant_id=key, quantity=-stock_quantity(taken), lot_id=draft.lot_id)
        for key, taken in explode(portions=[portion], needs=needs).items()
        if known[key].is_stocked
    ]
    if any(-change.quantity >= LARGEST for change in changes):
        refuse([FieldProblem("/quantity", "quantity_out_of_range", "This takes more than can be counted.")])
    waste = StockWaste(
        variant_id=draft.variant_id,
        location_id=location.pk,
        quantity=quantity,
        unit=of.unit,
        reason_code=draft.reason_code,
        note=draft.note,
        by_recipe=draft.variant_id in needs.by_owner,
        lot_id=draft.lot_id,
        employee_id=actor.employee_id,
        at=happened,
        business_date=business_date(at=happened, time_zone=location.time_zone, cut_off=location.cut_off),
    )
    waste.save()
    places = [Place(location.pk, change.variant_id) for change in changes]
    lock_levels(places)
    tracking = {key: each.tracking for key, each in known.items() if each.has_lots}
    went = allocate(location_id=location.pk, changes=changes, tracking=tracking).changes
    record_movements(cause=_cause(waste, location, actor, happened, recorded_at=at), changes=went)
    return _tell(waste, places, at)


def _revert(waste_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    waste = StockWaste.objects.select_related("variant__item").filter(pk=waste_id).first()
    if waste is None:
        raise NotFound("There is no such waste.")
    location = Location.objects.get(pk=waste.location_id)
    rows = StockMovement.objects.filter(document_id=waste.pk, kind=StockMovement.WASTE).order_by("id")
    moved = list(rows.filter(original__isnull=True))
    places = lock_levels([Place(location.pk, row.variant_id) for row in moved])
    # The levels are locked: whoever was first is seen.
    before = rows.filter(original__isnull=False).first()
    if before is not None:
        since, by = rfc3339(before.at), names_of([before]).get(before.employee_id, "")
        detail = f"{by or 'Somebody'} took this back at {since}."
        raise AlreadyDone(detail, by=by, at=since, state=REVERTED)
    reverse_movements(cause=_cause(waste, location, actor, at, recorded_at=at), originals=moved)
    return _tell(waste, list(places), at)


def _tell(waste: StockWaste, places: Sequence[Place], at: dt.datetime) -> dict[str, Any]:
    settle(levels=places, at=at)
    document = waste_document(waste)
    append(StockWasted(entity_id=waste.pk, at=at, state=document))
    return document


def _cause(
    waste: StockWaste, location: Location, actor: Actor, at: dt.datetime, *, recorded_at: dt.datetime
) -> Cause:
    return Cause(
        kind=StockMovement.WASTE,
        location_id=location.pk,
        at=at,
        business_date=business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off),
        recorded_at=recorded_at,
        employee_id=actor.employee_id,
        document_id=waste.pk,
        reason=waste.reason_code,
    )


def _problems(draft: WasteDraft, known: Mapping[UUID, Goods], *, is_dish: bool) -> list[FieldProblem]:
    of = known.get(draft.variant_id)
    if of is None:
        return [FieldProblem("/variant_id", "not_found", "There is no such variant.")]
    problems = quantity_problems(of, draft.quantity, draft.unit, "")
    if draft.reason_code not in {reason.code for reason in waste_reasons() if reason.is_active}:
        problems.append(FieldProblem("/reason_code", "unknown_reason", "This reason is not on the list."))
    if not is_dish and not of.is_stocked:
        problems.append(FieldProblem("/variant_id", "not_stocked", f"Stock of {of.name} is not kept."))
    if draft.lot_id is not None:
        lot = StockLot.objects.filter(pk=draft.lot_id).first()
        if is_dish or lot is None or lot.variant_id != draft.variant_id:
            problems.append(FieldProblem("/lot_id", "foreign_lot", f"This is no lot of {of.name}."))
    return problems
