"""Working on a file: one transaction, or for kinds that lock what a sale needs one for each batch of rows.

A batch writes its movements, settles their costs and moves the file's `position` in one transaction, so every row
is done exactly once, whoever was killed when. The file is locked while a batch lasts, and free between. Whoever
finds more rows done than he left leaves the file to whoever did them; the one of the last batch goes on, so of
several exactly one remains. Taking back what is still being applied waits for the batch that is under way.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import NotFound
from fynlo.events.log import unit_of_work
from pos.stock_files.errors import StockFileBusy
from pos.stock_files.kinds.base import StockKind, in_pieces
from pos.stock_files.models import StockFile, StockFileRow
from pos.stock_files.progress import Progress
from pos.stock_files.services.staging import context_of, kind_of, locked, require
from pos.stock_files.states import APPLYING, FINISH, STOCK_FILE

PIECE: Final = 2_000
Clock = Callable[[], dt.datetime]
_BEGINNING: Final = [str(UUID(int=0)), str(UUID(int=0)), -1]
_NEXT: Final = """
SELECT * FROM pos_stockfilerow
WHERE file_id = %(file)s AND variant_id IS NOT NULL AND outcome = ANY(%(outcomes)s)
    AND (location_id, variant_id, line) > (%(location)s::uuid, %(variant)s::uuid, %(line)s)
ORDER BY location_id, variant_id, line LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that is done to all rows of a file: its names, and what begins it, does it and ends it."""

    event: str
    running: str
    phase: str
    write: Callable[[StockKind, Iterator[StockFileRow], Any], list[str]]
    begin: Callable[[StockFile, StockKind, Actor], None]
    finish: Callable[[StockFile, dt.datetime], None]


def work(*, file_id: UUID, step: Step, actor: Actor, clock: Clock, told: Progress) -> StockFile:
    """Do a step to its end and return the file; batch by batch, each as of its own time by `clock`.

    Returns early, with the file as it is, when somebody else ended the step or began another meanwhile. Raises
    `NotFound`, `Forbidden`, `IllegalTransition`, `StockFileBusy`, and what beginning and writing raise.
    """
    left: int | None = None
    while True:
        batch = partial(do_batch, file_id=file_id, step=step, actor=actor, told=told, left=left)
        record: StockFile = run_transaction(lambda batch=batch: batch(at=clock()))  # type: ignore[misc]
        if record.state != step.running:
            return record
        left = record.done
        told(step.phase, record.done, record.total)


def do_batch(
    *, file_id: UUID, step: Step, actor: Actor, at: dt.datetime, told: Progress, left: int | None = None
) -> StockFile:
    """Begin the step if nobody did, and do the next batch of it, in one transaction; the last one ends the step.

    Of a kind that goes in no batches it is everything. Returns the file; it is `step.running` while rows are left.
    `left` is how many rows were done when the caller's last batch ended: if more are now, somebody else has it.
    """
    with unit_of_work():
        record = _first_taken(file_id, step) if left is None else locked(file_id)
        if left is not None and record.state != step.running:
            return record
        if left not in (None, record.done):
            raise _busy()
        kind = kind_of(record.kind)
        require(kind, actor)
        _begin(record, kind, step, actor)
        context = context_of(record, actor=actor, at=at)
        if kind.batch is None:
            kept = step.write(kind, _all_rows(record, kind, told, step.phase), context)
            record.done = record.total
        else:
            rows = _next_rows(record, kind, min(kind.batch, record.total - record.done))
            kept = step.write(kind, iter(rows), context)
            record.done = record.done + len(rows) if rows else record.total
            record.position = _position(rows[-1]) if rows else record.position
        record.summary = record.summary | ({"kept": kept} if step.event == "revert" else {})
        record.worked_at = at
        if record.done >= record.total:
            record.state = STOCK_FILE.after(record.state, FINISH)
            step.finish(record, at)
        record.save(update_fields=_SAVED)
    return record


_SAVED: Final = (
    "state",
    "summary",
    "done",
    "total",
    "position",
    "worked_at",
    "worked_by",
    "applied_at",
    "applied_by_name",
    "reverted_at",
    "reverted_by_name",
)


def document_of(actor: Actor) -> dict[str, Any]:
    """Who works on a file, kept for whoever goes on with it."""
    return {
        "kind": actor.kind,
        "id": str(actor.id) if actor.id else None,
        "name": actor.name,
        "employee_id": str(actor.employee_id) if actor.employee_id else None,
    }


def _first_taken(file_id: UUID, step: Step) -> StockFile:
    """The file, locked. Who begins waits for whoever has it; who goes on where another stopped leaves it to him."""
    state = StockFile.objects.filter(pk=file_id).values_list("state", flat=True).first()
    if state is None:
        raise NotFound("There is no such import.")
    if state != step.running:
        record = locked(file_id)
        if record.state == step.running:
            raise _busy()
        return record
    rows = StockFile.objects.defer("content").select_for_update(skip_locked=True)
    found = rows.filter(pk=file_id).first()
    if found is None:
        raise _busy()
    return found


def _busy() -> StockFileBusy:
    return StockFileBusy("Somebody else is working on this file right now; its progress says how far it is.")


def _begin(record: StockFile, kind: StockKind, step: Step, actor: Actor) -> None:
    before, record.state = record.state, STOCK_FILE.after(record.state, step.event)
    if before != step.running:
        step.begin(record, kind, actor)
        # Of a file that is half applied, as many rows are taken back as were applied: the first ones.
        applied = record.done if before == APPLYING else None
        record.total = record.rows.filter(outcome__in=kind.writes).count() if applied is None else applied
        record.done, record.position, record.worked_by = 0, None, document_of(actor)
    record.summary = {name: value for name, value in record.summary.items() if name != "failure"}


def _all_rows(record: StockFile, kind: StockKind, told: Progress, phase: str) -> Iterator[StockFileRow]:
    """The rows that write something, in the order in which what they write is locked; few at a time in memory."""
    found = record.rows.filter(outcome__in=kind.writes)
    return _counted(in_pieces(found.order_by(*kind.order), PIECE), record.total, told, phase)


def _counted(rows: Iterable[StockFileRow], total: int, told: Progress, phase: str) -> Iterator[StockFileRow]:
    for done, row in enumerate(rows):
        if done % PIECE == 0:
            told(phase, done, total)
        yield row


def _next_rows(record: StockFile, kind: StockKind, limit: int) -> list[StockFileRow]:
    location, variant, line = record.position or _BEGINNING
    asked = {
        "file": record.pk,
        "outcomes": list(kind.writes),
        "location": location,
        "variant": variant,
        "line": line,
        "limit": limit,
    }
    return list(StockFileRow.objects.raw(_NEXT, asked))


def _position(row: StockFileRow) -> list[Any]:
    return [str(row.location_id), str(row.variant_id), row.line]
