"""Opening a count: what is to be counted is decided once, by whoever opens it."""

import datetime as dt
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import Conflict, RuleViolation
from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.events import StockCountOpened
from pos.inventory.count_drafts import CountDraft, CountScope
from pos.inventory.errors import NotStocked, UnknownGoods
from pos.inventory.models import StockCount, StockCountLine, StockLotLevel
from pos.inventory.models.counts import BLIND, COUNT_KINDS, SPOT
from pos.inventory.queries.count_scope import variants_in_scope
from pos.inventory.queries.counts import count_document, find_count
from pos.inventory.queries.goods import goods
from pos.inventory.services.numbers import COUNT, take_number
from pos.registers.models import Location

_BATCH = 1000


def open_count(*, draft: CountDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Open a count with a line for everything in its scope, and return its whole state.

    The same count again is answered as it is. A spot check begins empty unless variants are named. Lots are lines
    of their own. Raises `Forbidden` without `stock.count`, `RuleViolation` for a location that is not there,
    `UnknownGoods` and `NotStocked` for named variants that cannot be counted.
    """
    actor.require("stock.count")
    if draft.kind not in COUNT_KINDS:
        raise RuleViolation("There is no such kind of count.", pointer="/kind")
    if not Location.objects.filter(pk=draft.location_id).exists():
        raise RuleViolation("There is no such location.", pointer="/location_id")
    _check_named(draft.scope)
    try:
        return run_transaction(partial(_open, draft, actor, at))
    except IntegrityError as error:
        if not constraint(error).startswith("pos_stockcount_pkey"):
            raise
        return _opened_before(draft)


def _open(draft: CountDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        if StockCount.objects.filter(pk=draft.id).exists():
            return _opened_before(draft)
        count = StockCount.objects.create(
            id=draft.id,
            number=take_number(kind=COUNT),
            kind=draft.kind,
            location_id=draft.location_id,
            name=draft.name,
            scope=_stored(draft.scope),
            is_blind=draft.is_blind or draft.kind == BLIND,
            selling_zone=draft.selling_zone,
            opened_at=at,
            opened_by_id=actor.id,
            opened_by_name=actor.name,
        )
        StockCountLine.objects.bulk_create(_lines(count, draft), batch_size=_BATCH)
        document = count_document(find_count(count.pk))
        append(StockCountOpened(entity_id=count.pk, at=at, state=document))
        return document


def _opened_before(draft: CountDraft) -> dict[str, Any]:
    count = find_count(draft.id)
    if (count.kind, count.location_id) != (draft.kind, draft.location_id):
        raise Conflict("Another count has this id.", pointer="/id")
    return count_document(count)


def _lines(count: StockCount, draft: CountDraft) -> list[StockCountLine]:
    """A line per variant; of variants whose pieces are told apart, one per lot that is on the shelf."""
    if draft.kind == SPOT and draft.scope == CountScope():
        return []
    wanted = variants_in_scope(scope=draft.scope, location_id=draft.location_id)
    known = goods(wanted)
    tracked = [key for key in wanted if known[key].has_lots]
    lots: dict[UUID, list[UUID]] = {}
    there = StockLotLevel.objects.filter(variant_id__in=tracked, location_id=draft.location_id)
    for variant_id, lot_id in there.exclude(on_hand=0).order_by("id").values_list("variant_id", "lot_id"):
        lots.setdefault(variant_id, []).append(lot_id)
    return [
        StockCountLine(id=new_id(), count=count, variant_id=key, lot_id=lot_id)
        for key in wanted
        for lot_id in (lots.get(key, []) if known[key].has_lots else [None])
    ]


def _check_named(scope: CountScope) -> None:
    known = goods(scope.variant_ids)
    for number, key in enumerate(scope.variant_ids):
        pointer = f"/scope/variant_ids/{number}"
        if key not in known:
            raise UnknownGoods(pointer=pointer)
        if not known[key].is_stocked:
            raise NotStocked(pointer=pointer)


def _stored(scope: CountScope) -> dict[str, Any]:
    """What was asked for, without what was not."""
    said = {name: value for name, value in asdict(scope).items() if value}
    return {
        name: [str(each) for each in value] if isinstance(value, tuple) else value
        for name, value in said.items()
    }
