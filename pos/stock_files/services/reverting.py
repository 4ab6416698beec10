"""Taking a file back: levels by movements that name its own, records to what they were, orders cancelled."""

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.events.log import append
from pos.events import StockFileReverted
from pos.stock_files.kinds.base import FileContext, StockKind
from pos.stock_files.models import StockFile
from pos.stock_files.progress import Progress, follower, forget
from pos.stock_files.queries import PHASES
from pos.stock_files.services.applying import state_of
from pos.stock_files.services.stepping import Clock, Step, work
from pos.stock_files.states import REVERTING


def revert_file(
    *,
    file_id: UUID,
    actor: Actor,
    at: dt.datetime,
    force: bool = False,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> StockFile:
    """Take a file back, one that is half applied as far as it is; returns it. `summary.kept` names what stayed.

    Levels go in batches, each as of its time by `clock` (or all `at`). Raises `NotFound`, `IllegalTransition`,
    `StockFileBusy`, and `ChangedSince` naming what something else changed since, unless `force` says to take that
    back too.
    """
    told = progress or follower(file_id)
    step = revert_step(force=force)
    try:
        return work(file_id=file_id, step=step, actor=actor, clock=clock or (lambda: at), told=told)
    finally:
        forget(file_id)


def revert_step(*, force: bool) -> Step:
    """Taking back, in spite of later changes or not."""
    return Step(
        event="revert",
        running=REVERTING,
        phase=PHASES[REVERTING],
        write=partial(_write, force=force),
        begin=_begin,
        finish=_finish,
    )


def _begin(record: StockFile, kind: StockKind, actor: Actor) -> None:
    del kind
    record.reverted_by_name = actor.name[:120]


def _write(kind: StockKind, rows: Any, context: FileContext, *, force: bool) -> list[str]:
    return kind.revert(rows, context, force=force)


def _finish(record: StockFile, at: dt.datetime) -> None:
    record.reverted_at = at
    append(StockFileReverted(entity_id=record.pk, at=at, state=state_of(record)))
