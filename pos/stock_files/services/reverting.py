"""Taking a file back: levels by movements that name its own, records to what they were, orders cancelled."""

import datetime as dt
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.events.log import append, unit_of_work
from pos.events import StockFileReverted
from pos.stock_files.models import StockFile
from pos.stock_files.progress import Progress, follower, forget
from pos.stock_files.services.applying import rows_of, state_of
from pos.stock_files.services.staging import context_of, kind_of, locked, require
from pos.stock_files.states import STOCK_FILE


def revert_file(
    *,
    file_id: UUID,
    actor: Actor,
    at: dt.datetime,
    force: bool = False,
    progress: Progress | None = None,
) -> StockFile:
    """Take an applied file back, in one transaction; returns it. `summary.kept` names what had to stay.

    Raises `NotFound`, `IllegalTransition`, and `ChangedSince` naming what something else changed since, unless
    `force` says to take that back too.
    """
    told = progress or follower(file_id)

    def run() -> StockFile:
        with unit_of_work():
            record = locked(file_id)
            kind = kind_of(record.kind)
            require(kind, actor)
            record.state = STOCK_FILE.after(record.state, "revert")
            context = context_of(record, actor=actor, at=at)
            kept = kind.revert(rows_of(record, kind, told, "taken back"), context, force=force)
            record.reverted_at, record.reverted_by_name = at, actor.name[:120]
            record.summary = {**record.summary, "kept": kept}
            record.save(update_fields=["state", "summary", "reverted_at", "reverted_by_name"])
            append(StockFileReverted(entity_id=record.pk, at=at, state=state_of(record)))
        return record

    try:
        return run_transaction(run)
    finally:
        forget(file_id)
