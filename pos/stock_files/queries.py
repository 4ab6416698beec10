"""Files of stock that were sent, and what their rows did or would do."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.clock import rfc3339
from fynlo.core.errors import NotFound
from pos.stock_files.models import StockFile, StockFileRow
from pos.stock_files.progress import progress_of
from pos.stock_files.states import APPLYING, REVERTING, RUNNING, possible

PAGE: Final = 500
ABANDONED_AFTER: Final = dt.timedelta(minutes=1)
"""A batch takes a second; who did none for so long was killed, or could not get at a level."""
PHASES: Final = {APPLYING: "written", REVERTING: "taken back"}
Entry = dict[str, Any]


def stock_files(*, kind: str | None = None, state: str | None = None) -> QuerySet[StockFile, StockFile]:
    """All files, without their content."""
    found = StockFile.objects.defer("content")
    wanted = {name: value for name, value in (("kind", kind), ("state", state)) if value is not None}
    return found.filter(**wanted)


def find_file(*, file_id: UUID) -> StockFile:
    """One file, without its content. Raises `NotFound`."""
    found = stock_files().filter(pk=file_id).first()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def file_rows(*, file_id: UUID, outcome: str, page: int) -> tuple[list[Entry], int | None]:
    """A page of the rows with an outcome, by line, and the number of the next page. Raises `NotFound`."""
    find_file(file_id=file_id)
    found = StockFileRow.objects.filter(file_id=file_id, outcome=outcome).order_by("line", "id")
    rows = list(found[page * PAGE : (page + 1) * PAGE + 1])
    return [_entry(row) for row in rows[:PAGE]], page + 1 if len(rows) > PAGE else None


def abandoned_files(*, at: dt.datetime) -> list[tuple[UUID, str, Entry]]:
    """Files half applied or half taken back that nobody worked on for a while: key, state, and who began.

    One that failed waits for somebody to look at it.
    """
    found = StockFile.objects.filter(state__in=RUNNING, worked_at__lt=at - ABANDONED_AFTER)
    found = found.exclude(summary__has_key="failure").order_by("id")
    return [(key, state, entry or {}) for key, state, entry in found.values_list("id", "state", "worked_by")]


def file_document(record: StockFile) -> dict[str, Any]:
    """A file as the API tells of it."""
    return {
        "id": str(record.id),
        "kind": record.kind,
        "file_name": record.file_name,
        "digest": record.file_digest,
        "state": record.state,
        "possible": possible(record.state),
        "summary": record.summary,
        "progress": _progress(record),
        "staged_at": rfc3339(record.staged_at),
        "staged_by": record.staged_by_name,
        "applied_at": rfc3339(record.applied_at) if record.applied_at else None,
        "applied_by": record.applied_by_name,
        "reverted_at": rfc3339(record.reverted_at) if record.reverted_at else None,
        "reverted_by": record.reverted_by_name,
    }


def _progress(record: StockFile) -> dict[str, Any] | None:
    """How far it is: what is committed of a step that goes in batches, else what was told last."""
    if record.state not in RUNNING:
        return progress_of(record.id)
    return {"phase": PHASES[record.state], "done": record.done, "total": record.total}


def _entry(row: StockFileRow) -> Entry:
    return {
        "line": row.line,
        "key": row.key,
        "name": row.name,
        "outcome": row.outcome,
        "changes": row.changes,
        "column": row.column,
        "reason": row.reason,
        "given": row.given,
    }
