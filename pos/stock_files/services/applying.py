"""Doing what a staged file says, to its end."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.events.log import append
from pos.catalog.errors import ImportRefused
from pos.events import StockFileApplied
from pos.stock_files.errors import StockFileNotReady, StockFileOutdated
from pos.stock_files.kinds.base import PROBLEM, FileContext, StockKind
from pos.stock_files.models import StockFile
from pos.stock_files.progress import Progress, follower, forget
from pos.stock_files.queries import PHASES
from pos.stock_files.services.staging import SHOWN_PROBLEMS, look_at_file, problem_of
from pos.stock_files.services.stepping import Clock, Step, work
from pos.stock_files.states import APPLYING


def apply_file(
    *,
    file_id: UUID,
    actor: Actor,
    at: dt.datetime,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> StockFile:
    """Do what was looked at; returns the file. Levels go in batches, each as of its time by `clock` (or all `at`).

    Of a file that is half applied, the rest is done. Raises `NotFound`, `IllegalTransition` for one that is
    applied, `StockFileBusy`, `StockFileNotReady`, `ImportRefused` with the first problems, and `StockFileOutdated`
    when something else changed a record since; then the file was looked at again.
    """
    told = progress or follower(file_id)
    try:
        return work(file_id=file_id, step=APPLY, actor=actor, clock=clock or (lambda: at), told=told)
    except StockFileOutdated:
        look_at_file(file_id=file_id, actor=actor, at=at)
        raise
    finally:
        forget(file_id)


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


def _begin(record: StockFile, kind: StockKind, actor: Actor) -> None:
    """Nothing is written of a file in which anything is wrong."""
    del kind
    if not record.summary.get("is_ready"):
        raise StockFileNotReady("Wait until the file was looked at.")
    if not record.summary.get("can_apply"):
        first = record.rows.filter(outcome=PROBLEM).order_by("line", "id")[:SHOWN_PROBLEMS]
        raise ImportRefused([problem_of(row) for row in first], count=record.summary["problem_count"])
    record.applied_by_name = actor.name[:120]


def _write(kind: StockKind, rows: Any, context: FileContext) -> list[str]:
    kind.apply(rows, context)
    return []


def _finish(record: StockFile, at: dt.datetime) -> None:
    record.applied_at = at
    append(StockFileApplied(entity_id=record.pk, at=at, state=state_of(record)))


APPLY: Final = Step(
    event="apply", running=APPLYING, phase=PHASES[APPLYING], write=_write, begin=_begin, finish=_finish
)
