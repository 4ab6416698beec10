"""Doing what a staged file says: all of it, or nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.database import run_transaction
from fynlo.events.log import append, unit_of_work
from pos.catalog.errors import ImportRefused
from pos.events import StockFileApplied
from pos.stock_files.errors import StockFileNotReady, StockFileOutdated
from pos.stock_files.kinds.base import PROBLEM, StockKind, in_pieces
from pos.stock_files.models import StockFile, StockFileRow
from pos.stock_files.progress import Progress, follower, forget
from pos.stock_files.services.staging import (
    SHOWN_PROBLEMS,
    context_of,
    kind_of,
    locked,
    look_at_file,
    problem_of,
    require,
)
from pos.stock_files.states import STOCK_FILE

PIECE: Final = 2_000


def apply_file(
    *, file_id: UUID, actor: Actor, at: dt.datetime, progress: Progress | None = None
) -> StockFile:
    """Do what was looked at, in one transaction; returns the file. A second time is refused.

    Raises `NotFound`, `IllegalTransition`, `StockFileNotReady`, `ImportRefused` with the first problems, and
    `StockFileOutdated` when something else changed a record since; then the file was looked at again.
    """
    told = progress or follower(file_id)

    def run() -> StockFile:
        with unit_of_work():
            return _apply(file_id, actor=actor, at=at, told=told)

    try:
        return run_transaction(run)
    except StockFileOutdated:
        look_at_file(file_id=file_id, actor=actor, at=at)
        raise
    finally:
        forget(file_id)


def rows_of(record: StockFile, kind: StockKind, told: Progress, phase: str) -> Iterator[StockFileRow]:
    """The rows that write something, in the order in which what they write is locked; few at a time in memory."""
    found = record.rows.filter(outcome__in=kind.writes)
    return _counted(in_pieces(found.order_by(*kind.order), PIECE), found.count(), told, phase)


def state_of(record: StockFile) -> dict[str, Any]:
    """A file as the feed hears of it."""
    return {
        "kind": record.kind,
        "file_name": record.file_name,
        "state": record.state,
        "created": record.summary.get("created", 0),
        "changed": record.summary.get("changed", 0),
        "applied_at": rfc3339(record.applied_at) if record.applied_at else None,
        "reverted_at": rfc3339(record.reverted_at) if record.reverted_at else None,
    }


def _counted(rows: Iterable[StockFileRow], total: int, told: Progress, phase: str) -> Iterator[StockFileRow]:
    for done, row in enumerate(rows):
        if done % PIECE == 0:
            told(phase, done, total)
        yield row


def _apply(file_id: UUID, *, actor: Actor, at: dt.datetime, told: Progress) -> StockFile:
    record = locked(file_id)
    kind = kind_of(record.kind)
    require(kind, actor)
    state = STOCK_FILE.after(record.state, "apply")
    if not record.summary.get("is_ready"):
        raise StockFileNotReady("Wait until the file was looked at.")
    if not record.summary.get("can_apply"):
        first = record.rows.filter(outcome=PROBLEM).order_by("line", "id")[:SHOWN_PROBLEMS]
        raise ImportRefused([problem_of(row) for row in first], count=record.summary["problem_count"])
    kind.apply(rows_of(record, kind, told, "written"), context_of(record, actor=actor, at=at))
    record.state, record.applied_at, record.applied_by_name = state, at, actor.name[:120]
    record.save(update_fields=["state", "applied_at", "applied_by_name"])
    append(StockFileApplied(entity_id=record.pk, at=at, state=state_of(record)))
    return record
