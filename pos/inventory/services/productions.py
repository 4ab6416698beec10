"""Making a batch: ingredients leave the shelf, the dish comes onto it, worth what went in. Taken back once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date, rfc3339
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, NotFound
from fynlo.core.ids import new_id
from fynlo.core.locks import lock_rows
from fynlo.events.log import append, unit_of_work
from pos.events import StockProduced, StockProductionReverted
from pos.inventory.errors import AlreadyDone
from pos.inventory.explosion import Need
from pos.inventory.models import Recipe, StockMovement, StockProduction
from pos.inventory.places import Place
from pos.inventory.quantities import stock_quantity
from pos.inventory.queries.flat_needs import batch_needs
from pos.inventory.queries.goods import LARGEST, Goods, goods
from pos.inventory.queries.productions import production_document
from pos.inventory.queries.recipes import recipe_versions
from pos.inventory.services.happening import moment_of
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.lots import LotReceipt, allocate, ensure_lots
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.production_checks import (
    IngredientUsed,
    ProductionDraft,
    in_unit,
    production_problems,
    refuse,
)
from pos.inventory.services.reversing import reverse_movements
from pos.inventory.services.settling import settle
from pos.registers.models import Location

MOVE: Final = "stock.move"
REVERTED: Final = "reverted"


def produce(*, draft: ProductionDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record a batch, settle what it cost and tell the feed; returns its document.

    Raises `Forbidden` without `stock.move`, `NotFound` for the location, `UnacceptableStock` with pointers:
    `no_recipe` where nobody says what went in, `made_to_order` for a dish whose ingredients leave at the sale;
    `TimeOutOfRange` for a time that has not come.
    """
    actor.require(MOVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            return _produce(draft, actor, at)

    return run_transaction(write)


def revert_production(*, production_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Take a batch back, once: the dish leaves, what went in is on the shelf again at what it cost.

    Raises `NotFound`, and `AlreadyDone` with who was first and when.
    """
    actor.require(MOVE)

    def write() -> dict[str, Any]:
        with unit_of_work():
            return _revert(production_id, actor, at)

    return run_transaction(write)


def _produce(draft: ProductionDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    location = Location.objects.filter(pk=draft.location_id).first()
    if location is None:
        raise NotFound("There is no such location.", pointer="/location_id")
    used, happened = draft.ingredients, moment_of(stated=draft.at, at=at)
    needs = batch_needs(variant_ids=[draft.variant_id], at=happened).by_owner.get(draft.variant_id, ())
    wanted = [each.variant_id for each in used] if used is not None else [each.ingredient for each in needs]
    known = goods([draft.variant_id, *wanted])
    recipe = Recipe.objects.filter(variant_id=draft.variant_id).first()
    refuse(production_problems(draft, known, recipe))
    quantity = in_unit(known[draft.variant_id], draft.quantity, draft.unit)
    taken = _stated(used, known) if used is not None else _by_recipe(needs, quantity)
    stocked = [change for change in taken if change.quantity and known[change.variant_id].is_stocked]
    day = business_date(at=happened, time_zone=location.time_zone, cut_off=location.cut_off)
    cause = Cause(
        kind=StockMovement.PRODUCTION,
        location_id=location.pk,
        at=happened,
        business_date=day,
        recorded_at=at,
        employee_id=actor.employee_id,
        document_id=new_id(),
        reason=draft.note,
    )
    lot_id = _move(cause, draft, quantity, stocked, known)
    production = StockProduction(
        id=cause.document_id,
        variant_id=draft.variant_id,
        location_id=location.pk,
        quantity=quantity,
        lot_id=lot_id,
        recipe_revision=_revision(recipe, draft.at) if recipe is not None and used is None else None,
        note=draft.note,
        employee_id=actor.employee_id,
        made_by=actor.name,
        at=happened,
        business_date=day,
    )
    production.save(force_insert=True)
    settle(levels=[Place(location.pk, key) for key in {draft.variant_id, *_variants(stocked)}], at=at)
    document = production_document(production)
    append(StockProduced(entity_id=production.pk, at=at, state=document))
    return document


def _move(
    cause: Cause,
    draft: ProductionDraft,
    quantity: Decimal,
    taken: Sequence[StockChange],
    known: Mapping[UUID, Goods],
) -> UUID | None:
    """Move what went in and what came out; the lot of what came out, if it has one."""
    variants = {draft.variant_id, *_variants(taken)}
    lock_levels([Place(cause.location_id, key) for key in variants])
    lots = ensure_lots(
        location_id=cause.location_id,
        receipts=[LotReceipt(variant_id=draft.variant_id, code=draft.lot, expires_on=draft.expires_on)],
        variant_ids=variants,
        at=cause.at,
        received_on=cause.business_date,
    )
    tracking = {key: each.tracking for key, each in known.items() if each.has_lots}
    went = allocate(location_id=cause.location_id, changes=taken, tracking=tracking).changes
    lot_id = lots.get((draft.variant_id, draft.lot))
    made = StockChange(variant_id=draft.variant_id, quantity=quantity, lot_id=lot_id)
    record_movements(cause=cause, changes=[*went, made])
    return lot_id


def _revert(production_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    rows = lock_rows(StockProduction.objects.select_related("variant__item"), [production_id])
    if not rows:
        raise NotFound("There is no such production.")
    production = rows[0]
    if production.reverted_at is not None:
        by, when = production.reverted_by or "Somebody", rfc3339(production.reverted_at)
        raise AlreadyDone(f"{by} took this back at {when}.", by=by, at=when, state=REVERTED)
    location = Location.objects.get(pk=production.location_id)
    moved = list(
        StockMovement.objects.filter(
            document_id=production.pk, kind=StockMovement.PRODUCTION, original__isnull=True
        ).order_by("id")
    )
    places = lock_levels([Place(location.pk, row.variant_id) for row in moved])
    production.revert_id, production.reverted_at, production.reverted_by = new_id(), at, actor.name
    production.save(update_fields=["revert_id", "reverted_at", "reverted_by"])
    cause = Cause(
        kind=StockMovement.PRODUCTION,
        location_id=location.pk,
        at=at,
        business_date=business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off),
        recorded_at=at,
        employee_id=actor.employee_id,
        document_id=production.revert_id,
        reason=REVERTED,
    )
    reverse_movements(cause=cause, originals=moved)
    settle(levels=list(places), at=at)
    document = production_document(production)
    append(StockProductionReverted(entity_id=production.pk, at=at, state=document))
    return document


def _revision(recipe: Recipe, made_at: dt.datetime | None) -> int:
    """The version that was in force then; the first one is for whatever was before it, as its needs are."""
    if made_at is None or recipe.variant_id is None:
        return recipe.revision
    versions = recipe_versions(owner_id=recipe.variant_id).values_list("revision", flat=True)
    found = versions.filter(at__lte=made_at).order_by("-revision").first() or versions.first()
    return recipe.revision if found is None else found


def _stated(used: Sequence[IngredientUsed], known: Mapping[UUID, Goods]) -> list[StockChange]:
    return [
        StockChange(
            variant_id=each.variant_id,
            quantity=-in_unit(known[each.variant_id], each.quantity, each.unit),
            lot_id=each.lot_id,
        )
        for each in used
    ]


def _by_recipe(needs: Sequence[Need], quantity: Decimal) -> list[StockChange]:
    """One movement per ingredient, whichever way it comes in, rounded once."""
    sums: dict[UUID, Fraction] = {}
    for need in needs:
        sums[need.ingredient] = sums.get(need.ingredient, Fraction(0)) + (need.quantity or 0)
    changes = [
        StockChange(variant_id=key, quantity=-stock_quantity(each * Fraction(quantity)))
        for key, each in sums.items()
    ]
    if any(-change.quantity >= LARGEST for change in changes):
        refuse([FieldProblem("/quantity", "quantity_out_of_range", "This takes more than can be counted.")])
    return changes


def _variants(changes: Sequence[StockChange]) -> set[UUID]:
    return {change.variant_id for change in changes}
