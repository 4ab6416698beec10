"""Files of stock that were sent, and what their rows did or would do."""

from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.clock import rfc3339
from fynlo.core.errors import NotFound
from pos.stock_files.models import StockFile, StockFileRow
from pos.stock_files.progress import progress_of
from pos.stock_files.states import STOCK_FILE

PAGE: Final = 500
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


def file_document(record: StockFile) -> dict[str, Any]:
    """A file as the API tells of it."""
    return {
        "id": str(record.id),
        "kind": record.kind,
        "file_name": record.file_name,
        "digest": record.file_digest,
        "state": record.state,
        "possible": STOCK_FILE.events(record.state),
        "summary": record.summary,
        "progress": progress_of(record.id),
        "staged_at": rfc3339(record.staged_at),
        "staged_by": record.staged_by_name,
        "applied_at": rfc3339(record.applied_at) if record.applied_at else None,
        "applied_by": record.applied_by_name,
        "reverted_at": rfc3339(record.reverted_at) if record.reverted_at else None,
        "reverted_by": record.reverted_by_name,
    }


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
