"""Revaluing what is on the shelf: a new cost per unit, or so much more or less in all, with a reason."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date, rfc3339
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, NotFound
from fynlo.core.locks import lock_key
from fynlo.events.log import append, unit_of_work
from pos.events import StockMoved
from pos.inventory.cost_state import EXACT
from pos.inventory.errors import AlreadyDone, UnacceptableStock
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.places import Place
from pos.inventory.quantities import plain_cost, plain_quantity
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle, settle_costs
from pos.registers.models import Location
from staff.employees.models import Employee

APPROVE: Final = "stock.approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevaluationDraft:
    """What a variant at a location is to be worth: per unit, or `difference_minor` more (less: negative) in all."""

    id: UUID
    location_id: UUID
    variant_id: UUID
    reason: str
    unit_cost_minor: Decimal | None = None
    difference_minor: Decimal | None = None


def revalue(*, draft: RevaluationDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record the revaluation as a movement and return what was and is; costs of sales before it stay.

    Raises `NotFound` for the location, `AlreadyDone` for an id that was used, and `UnacceptableStock` with a
    pointer and code: neither or both figures (`one_of`), nothing on the shelf (`nothing_in_stock`), a value that
    stays as it is (`unchanged`) or would fall below zero (`below_zero`).
    """
    actor.require(APPROVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            return _revalue(draft, actor=actor, at=at)

    return run_transaction(write)


def _revalue(draft: RevaluationDraft, *, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    if (draft.unit_cost_minor is None) == (draft.difference_minor is None):
        raise _refused("", "one_of", "Say either `unit_cost_minor` or `difference_minor`.")
    location = Location.objects.filter(pk=draft.location_id).first()
    if location is None:
        raise NotFound("There is no such location.", pointer="/location_id")
    lock_key(draft.id)
    place = Place(draft.location_id, draft.variant_id)
    settle_costs(levels=[place], at=at)
    _refuse_repeat(draft.id)
    before = _level(place)
    if before is None or before.on_hand <= 0:
        raise _refused("/variant_id", "nothing_in_stock", "There is nothing of it there to be revalued.")
    difference = _difference(draft, before)
    cause = Cause(
        kind=StockMovement.REVALUATION,
        location_id=location.pk,
        at=at,
        business_date=business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off),
        recorded_at=at,
        employee_id=actor.employee_id,
        document_id=draft.id,
        reason=draft.reason,
    )
    change = StockChange(variant_id=draft.variant_id, quantity=Decimal(0), value_minor=difference)
    record_movements(cause=cause, changes=[change])
    settle(levels=[place], at=at)
    document = _document(draft, before=before, after=_level(place), actor=actor, at=at)
    append(StockMoved(entity_id=draft.id, at=at, state=document))
    return document


def _level(place: Place) -> StockLevel | None:
    """The level, locked by settling."""
    found: StockLevel | None = (
        StockLevel.objects.filter(location_id=place.location_id, variant_id=place.variant_id)
        .select_related("variant")
        .first()
    )
    return found


def _refuse_repeat(key: UUID) -> None:
    """The key is locked: whoever sent the same id first is seen."""
    before = StockMovement.objects.filter(document_id=key).order_by("id").first()
    if before is None:
        return
    by = Employee.objects.filter(pk=before.employee_id).values_list("name", flat=True).first() or ""
    when = rfc3339(before.recorded_at or before.at)
    detail = f"{by or 'Somebody'} did this at {when}."
    raise AlreadyDone(detail, pointer="/id", by=by, at=when, state="recorded")


def _difference(draft: RevaluationDraft, level: StockLevel) -> Decimal:
    member = "unit_cost_minor" if draft.difference_minor is None else "difference_minor"
    with localcontext(EXACT):
        difference = draft.difference_minor
        if difference is None:
            difference = (draft.unit_cost_minor or Decimal(0)) * level.on_hand - level.value_minor
        if not difference:
            raise _refused(f"/{member}", "unchanged", "It is worth just that already.")
        if level.value_minor + difference < 0:
            raise _refused(f"/{member}", "below_zero", "What is there cannot be worth less than nothing.")
        return difference


def _document(
    draft: RevaluationDraft, *, before: StockLevel, after: StockLevel | None, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    now = after or before
    cost = now.unit_cost_minor
    return {
        "id": str(draft.id),
        "kind": StockMovement.REVALUATION,
        "location_id": str(draft.location_id),
        "variant_id": str(draft.variant_id),
        "sku": before.variant.sku,
        "on_hand": plain_quantity(now.on_hand),
        "value_before_minor": plain_cost(before.value_minor),
        "value_minor": plain_cost(now.value_minor),
        "unit_cost_minor": None if cost is None else plain_cost(cost),
        "reason": draft.reason,
        "at": rfc3339(at),
        "by": actor.name,
    }


def _refused(pointer: str, code: str, detail: str) -> UnacceptableStock:
    return UnacceptableStock(detail, errors=[FieldProblem(pointer, code, detail)])
