"""The end of counting: what was on the shelves is worked out, and told beside what was expected there.

From then on the count takes no entries. Somebody approves it (`count_closing`), has lines counted again, or gives
it up.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import FieldProblem, NotFound
from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.events import StockCountCancelled, StockCountRecounted, StockCountSubmitted
from pos.inventory import states
from pos.inventory.counting import Counted, count_shelves
from pos.inventory.errors import CountIncomplete
from pos.inventory.models import StockCount, StockCountLine
from pos.inventory.models.counts import ZERO
from pos.inventory.queries.count_figures import Shelf, entries_to_count, lots_there, moved_between, on_books
from pos.inventory.queries.counts import count_document, find_count
from pos.inventory.services.count_lines import keep_decided
from pos.inventory.services.first_come import already_done

BATCH: Final = 1000


def submit_count(*, count_id: UUID, uncounted: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Work out what was counted and return the count's whole state. `uncounted` lines are left, or are `zero`.

    Raises `Forbidden`, `NotFound`, `AlreadyDone` for one that was submitted or ended, `CountIncomplete` when
    nothing was counted, or not what was to be counted again.
    """
    actor.require("stock.count")

    def write() -> dict[str, Any]:
        with unit_of_work():
            count = lock_count(count_id)
            _check_not_done(count)
            if count.state == states.DRAFT:
                raise CountIncomplete("Nothing was counted yet.", pointer="/uncounted")
            count.state = states.COUNT.after(count.state, "submit")
            count.uncounted = uncounted
            count.submitted_at, count.submitted_by_id, count.submitted_by_name = at, actor.id, actor.name
            lines = _decided_lines(count, at)
            count.variance_value_minor = variance(lines)
            count.save()
            document = count_document(find_count(count_id))
            append(StockCountSubmitted(entity_id=count_id, at=at, state=document))
            return document

    return run_transaction(write)


def recount_lines(
    *, count_id: UUID, line_ids: Sequence[UUID], actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Have lines of a submitted count counted again, from zero; returns the count's whole state.

    Raises `Forbidden`, `NotFound` for lines it does not have, `AlreadyDone` for a count that ended.
    """
    actor.require("stock.count")

    def write() -> dict[str, Any]:
        with unit_of_work():
            count = lock_count(count_id)
            check_not_ended(count)
            count.state = states.COUNT.after(count.state, "recount")
            lines = list(StockCountLine.objects.filter(count=count, pk__in=line_ids))
            missing = [
                number for number, key in enumerate(line_ids) if key not in {line.pk for line in lines}
            ]
            if missing or not lines:
                problems = [
                    FieldProblem(f"/line_ids/{n}", "not_found", "Not of this count.") for n in missing
                ]
                raise NotFound("There is no such line in this count.", errors=problems)
            for line in lines:
                line.pass_number += 1
                line.pass_started_at = at
            StockCountLine.objects.bulk_update(lines, ["pass_number", "pass_started_at"], batch_size=BATCH)
            count.variance_value_minor = None
            count.save()
            document = count_document(find_count(count_id))
            told = {**document, "line_ids": [str(line.pk) for line in lines]}
            append(StockCountRecounted(entity_id=count_id, at=at, state=told))
            return document

    return run_transaction(write)


def cancel_count(*, count_id: UUID, reason: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Give a count up; nothing comes of it. Raises `Forbidden`, `NotFound`, `AlreadyDone` for one that ended."""
    actor.require("stock.count")

    def write() -> dict[str, Any]:
        with unit_of_work():
            count = lock_count(count_id)
            check_not_ended(count)
            count.state = states.COUNT.after(count.state, "cancel")
            count.reason = reason
            count.ended_at, count.ended_by_id, count.ended_by_name = at, actor.id, actor.name
            count.save()
            document = count_document(find_count(count_id))
            append(StockCountCancelled(entity_id=count_id, at=at, state=document))
            return document

    return run_transaction(write)


def lock_count(count_id: UUID) -> StockCount:
    """The count, held alone until COMMIT. Raises `NotFound`."""
    count: StockCount | None = StockCount.objects.select_for_update(of=("self",)).filter(pk=count_id).first()
    if count is None:
        raise NotFound("There is no such count.")
    return count


def check_not_ended(count: StockCount) -> None:
    """Raise `AlreadyDone`, with who and when, for a count that was closed or cancelled."""
    if count.state in (states.CLOSED, states.CANCELLED):
        raise already_done(
            what=f"Count {count.number}",
            did=count.state,
            by=count.ended_by_name,
            at=count.ended_at,
            state=count.state,
        )


def variance(lines: Iterable[StockCountLine]) -> Decimal:
    """What the differences are worth, more and less alike; where nobody knows a cost, nothing."""
    worth = Decimal(0)
    for line in lines:
        if line.difference is not None and line.unit_cost_minor is not None:
            worth += abs(line.difference) * line.unit_cost_minor
    return worth


def _check_not_done(count: StockCount) -> None:
    check_not_ended(count)
    if count.state == states.SUBMITTED:
        raise already_done(
            what=f"Count {count.number}",
            did="submitted",
            by=count.submitted_by_name,
            at=count.submitted_at,
            state=count.state,
        )


def _decided_lines(count: StockCount, at: dt.datetime) -> list[StockCountLine]:
    """The count's lines with what was counted, as of when, and what the books expected there then."""
    counted = _counted(count)
    lines = list(StockCountLine.objects.filter(count=count).order_by("id"))
    again = [line for line in lines if line.pass_number > 1 and not _is_counted(line, counted)]
    if again:
        raise CountIncomplete(
            f"{len(again)} lines are to be counted again.",
            pointer="/uncounted",
            line_ids=[str(line.pk) for line in again[:BATCH]],
        )
    if not counted:
        raise CountIncomplete("Nothing was counted yet.", pointer="/uncounted")
    lines += _missing_lots(count, lines, counted)
    shelves = [_shelf(line, counted, at) for line in lines]
    for line, shelf, books in zip(
        lines, shelves, on_books(location_id=count.location_id, shelves=shelves), strict=True
    ):
        line.counted = _quantity(line, counted, count.uncounted)
        line.counted_at = None if line.counted is None else shelf.at
        line.expected, line.unit_cost_minor = books.quantity, books.unit_cost_minor
    keep_decided(lines)
    return lines


def _counted(count: StockCount) -> dict[UUID, Counted]:
    entries = entries_to_count(count.pk)
    moved = []
    if count.selling_zone and entries:
        times = [entry.counted_at for entry in entries]
        moved = moved_between(
            location_id=count.location_id,
            variant_ids={entry.variant_id for entry in entries},
            after=min(times),
            until=max(times),
        )
    return count_shelves(entries=entries, moved=moved, selling_zone=count.selling_zone)


def _missing_lots(
    count: StockCount, lines: Sequence[StockCountLine], counted: Mapping[UUID, Counted]
) -> list[StockCountLine]:
    """Lines for lots that came while the count ran, of variants that were counted by lots."""
    by_lots = {key for key, found in counted.items() if None not in found.quantities}
    known = {(line.variant_id, line.lot_id) for line in lines}
    there = lots_there(location_id=count.location_id, variant_ids=by_lots)
    asked = [
        Shelf(variant_id=variant_id, lot_id=lot_id, at=counted[variant_id].at)
        for variant_id, lot_id in there
        if (variant_id, lot_id) not in known
    ]
    books = on_books(location_id=count.location_id, shelves=asked)
    rows = [
        StockCountLine(id=new_id(), count=count, variant_id=shelf.variant_id, lot_id=shelf.lot_id)
        for shelf, found in zip(asked, books, strict=True)
        if found.quantity
    ]
    return list(StockCountLine.objects.bulk_create(rows, batch_size=BATCH))


def _is_counted(line: StockCountLine, counted: Mapping[UUID, Counted]) -> bool:
    found = counted.get(line.variant_id)
    return found is not None and line.lot_id in found.quantities


def _shelf(line: StockCountLine, counted: Mapping[UUID, Counted], at: dt.datetime) -> Shelf:
    """A line nobody counted is as of the moment somebody said that nothing more is there."""
    found = counted.get(line.variant_id)
    return Shelf(variant_id=line.variant_id, lot_id=line.lot_id, at=found.at if found else at)


def _quantity(line: StockCountLine, counted: Mapping[UUID, Counted], uncounted: str) -> Decimal | None:
    if _is_counted(line, counted):
        return counted[line.variant_id].quantities[line.lot_id]
    return Decimal(0) if uncounted == ZERO and not line.is_found else None
