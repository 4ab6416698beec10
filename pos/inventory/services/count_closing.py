"""Closing a count: the shelves hold what it says, as of when it was counted.

What was counted at a time T is told to the ledger as a movement of what the books lack until T, dated T; sales
that happened later stand as they are. A row of `StockCountResult` says that it was counted, also where nothing
differs, so that whatever is recorded later of before T is known to be in it (docs/concepts/counting.md).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date
from fynlo.core.database import run_transaction
from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.events import StockCountClosed
from pos.inventory import states
from pos.inventory.errors import ApprovalNeeded
from pos.inventory.models import StockCount, StockCountLine, StockHead, StockMovement
from pos.inventory.places import Place
from pos.inventory.queries.count_figures import Shelf, lots_there, on_books
from pos.inventory.queries.counts import count_document, find_count
from pos.inventory.services.count_lines import keep_decided
from pos.inventory.services.count_submitting import check_not_ended, lock_count, variance
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle
from pos.registers.models import Location

COUNTED: Final = "counted"
SETTLED_AT_ONCE: Final = 200
"""Up to so many lines costs and alerts are brought up to date at once, with the levels held; else by the task."""
_ZERO: Final = Decimal(0)
_KEEP: Final = """
WITH kept AS (
    INSERT INTO pos_stockcountresult (id, variant_id, location_id, lot_id, counted_at, business_date, quantity,
        count_id)
    SELECT new.id, new.variant_id, %(location)s, new.lot_id, new.at, new.business_date, new.quantity, %(count)s
    FROM unnest(%(ids)s::uuid[], %(variants)s::uuid[], %(lots)s::uuid[], %(times)s::timestamptz[],
        %(days)s::date[], %(quantities)s::numeric[]) AS new (id, variant_id, lot_id, at, business_date, quantity)
    RETURNING variant_id, counted_at
)
UPDATE pos_stocklevel AS level SET counted_at = GREATEST(level.counted_at, new.at)
FROM (SELECT variant_id, max(counted_at) AS at FROM kept GROUP BY variant_id) AS new
WHERE level.variant_id = new.variant_id AND level.location_id = %(location)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    """What the books have of a variant without a lot, while all its lots were counted: it is nowhere."""

    variant_id: UUID
    at: dt.datetime
    counted: Decimal
    on_books: Decimal
    unit_cost_minor: Decimal | None


def close_count(*, count_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Approve a submitted count: record its differences and return its whole state.

    The differences are reckoned anew, with the levels held: what was recorded since it was submitted is in them.
    As many statements for a shelf as for a whole shop. Costs and alerts of more than `SETTLED_AT_ONCE` lines are
    left to `pos.settle_stock`, as those of sales: nobody who sells the same goods waits for them.
    Raises `Forbidden`, `ApprovalNeeded` when they are worth more than the merchant's limit and the actor may not
    approve, `NotFound`, `AlreadyDone` for a count that ended, `IllegalTransition` for one that is not submitted.
    """
    actor.require("stock.count")

    def write() -> dict[str, Any]:
        with unit_of_work():
            count = lock_count(count_id)
            check_not_ended(count)
            count.state = states.COUNT.after(count.state, "approve")
            return _close(count, actor, at)

    return run_transaction(write)


def _close(count: StockCount, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    lines = list(
        StockCountLine.objects.filter(count=count, counted__isnull=False).order_by("variant_id", "id")
    )
    places = [Place(count.location_id, line.variant_id) for line in lines]
    lock_levels(places)
    _reckon(count, lines)
    rests = _rests(count, lines)
    count.variance_value_minor = variance(lines) + sum(
        (abs(rest.on_books) * (rest.unit_cost_minor or _ZERO) for rest in rests), _ZERO
    )
    _check_limit(count.variance_value_minor, actor)
    location = Location.objects.get(pk=count.location_id)
    _move(count, location, lines, rests, actor, at)
    _keep_results(count, location, lines, rests)
    keep_decided(lines)
    count.ended_at, count.ended_by_id, count.ended_by_name = at, actor.id, actor.name
    count.save()
    if len(lines) <= SETTLED_AT_ONCE:
        settle(levels=places, at=at)
    document = count_document(find_count(count.pk))
    append(StockCountClosed(entity_id=count.pk, at=at, state=document))
    return document


def _reckon(count: StockCount, lines: Sequence[StockCountLine]) -> None:
    shelves = [Shelf(variant_id=line.variant_id, lot_id=line.lot_id, at=_at(line)) for line in lines]
    books = on_books(location_id=count.location_id, shelves=shelves)
    for line, found in zip(lines, books, strict=True):
        line.expected, line.unit_cost_minor = found.quantity, found.unit_cost_minor


def _rests(count: StockCount, lines: Sequence[StockCountLine]) -> list[_Rest]:
    """Variants all of whose lots were counted: as a whole they were, too."""
    by_variant: dict[UUID, list[StockCountLine]] = {}
    for line in lines:
        if line.lot_id is not None:
            by_variant.setdefault(line.variant_id, []).append(line)
    known = {(line.variant_id, line.lot_id) for line in lines}
    others = [
        Shelf(variant_id=variant_id, lot_id=lot_id, at=_at(by_variant[variant_id][0]))
        for variant_id, lot_id in lots_there(location_id=count.location_id, variant_ids=by_variant)
        if (variant_id, lot_id) not in known
    ]
    books = on_books(location_id=count.location_id, shelves=others)
    partly = {shelf.variant_id for shelf, found in zip(others, books, strict=True) if found.quantity}
    whole = [
        Shelf(variant_id=key, lot_id=None, at=_at(own[0]))
        for key, own in by_variant.items()
        if key not in partly
    ]
    rests = []
    for shelf, found in zip(whole, on_books(location_id=count.location_id, shelves=whole), strict=True):
        own = by_variant[shelf.variant_id]
        rests.append(
            _Rest(
                variant_id=shelf.variant_id,
                at=shelf.at,
                counted=sum((line.counted or _ZERO for line in own), _ZERO),
                on_books=found.quantity - sum((line.expected or _ZERO for line in own), _ZERO),
                unit_cost_minor=found.unit_cost_minor,
            )
        )
    return rests


def _check_limit(worth: Decimal, actor: Actor) -> None:
    limit = StockHead.objects.values_list("count_variance_limit_minor", flat=True).first()
    if limit is not None and worth > limit and not actor.may("stock.approve"):
        raise ApprovalNeeded(
            "The differences are worth more than the limit; somebody who may approve has to close this count.",
            permission="stock.approve",
            limit_minor=limit,
        )


def _move(
    count: StockCount,
    location: Location,
    lines: Iterable[StockCountLine],
    rests: Iterable[_Rest],
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Record the differences, each as of when it was counted."""
    changes = [
        StockChange(
            variant_id=line.variant_id,
            quantity=line.difference,
            lot_id=line.lot_id,
            document_line_id=line.pk,
            at=_at(line),
            business_date=_day(location, _at(line)),
        )
        for line in lines
        if line.difference
    ]
    changes += [
        StockChange(
            variant_id=rest.variant_id,
            quantity=-rest.on_books,
            at=rest.at,
            business_date=_day(location, rest.at),
        )
        for rest in rests
        if rest.on_books
    ]
    cause = Cause(
        kind=StockMovement.COUNT,
        location_id=count.location_id,
        at=at,
        business_date=_day(location, at),
        recorded_at=at,
        employee_id=actor.employee_id,
        document_id=count.pk,
        reason=COUNTED,
    )
    record_movements(cause=cause, changes=changes)


def _keep_results(
    count: StockCount, location: Location, lines: Sequence[StockCountLine], rests: Sequence[_Rest]
) -> None:
    """Say what was counted; after the movements, which are not late to their own count."""
    results = [(line.variant_id, line.lot_id, _at(line), line.counted or _ZERO) for line in lines]
    results += [(rest.variant_id, None, rest.at, rest.counted) for rest in rests]
    columns: dict[str, Any] = {
        "location": count.location_id,
        "count": count.pk,
        "ids": [new_id() for _ in results],
        "variants": [variant_id for variant_id, _, _, _ in results],
        "lots": [lot_id for _, lot_id, _, _ in results],
        "times": [moment for _, _, moment, _ in results],
        "days": [_day(location, moment) for _, _, moment, _ in results],
        "quantities": [quantity for _, _, _, quantity in results],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, columns)


def _at(line: StockCountLine) -> dt.datetime:
    if line.counted_at is None:
        raise ValueError("a line that was counted says when")
    return line.counted_at


def _day(location: Location, at: dt.datetime) -> dt.date:
    return business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off)
