"""Files that were imported, and what they did or would do."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.clock import rfc3339
from fynlo.core.errors import NotFound
from pos.catalog.models import CatalogImport
from pos.importing.progress import progress_of
from pos.importing.reports import Entry, page_of
from pos.importing.states import IMPORT


def imports() -> QuerySet[CatalogImport]:
    """All files, without their content."""
    return CatalogImport.objects.defer("content").order_by("pk")


def find_import(*, import_id: UUID) -> CatalogImport:
    """One file, without its content. Raises `NotFound`."""
    found = imports().filter(pk=import_id).first()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def import_rows(*, import_id: UUID, outcome: str, page: int) -> tuple[list[Entry], int | None]:
    """A page of the rows with an outcome and the number of the next page. Raises `NotFound`."""
    content = CatalogImport.objects.filter(pk=import_id).values_list("content", flat=True).first()
    if content is None:
        raise NotFound("There is no such import, or its rows are gone.")
    entries, has_more = page_of(bytes(content), outcome=outcome, number=page)
    return entries, page + 1 if has_more else None


def import_document(record: CatalogImport) -> dict[str, Any]:
    """A file as the API tells of it."""
    return {
        "id": str(record.id),
        "file_name": record.file_name,
        "digest": record.file_digest,
        "state": record.state,
        "possible": IMPORT.events(record.state),
        "summary": record.summary,
        "progress": progress_of(record.id),
        "staged_at": rfc3339(record.staged_at),
        "staged_by": record.staged_by_name,
        "applied_at": rfc3339(record.applied_at) if record.applied_at else None,
        "reverted_at": rfc3339(record.reverted_at) if record.reverted_at else None,
        "revision_before": record.revision_before,
        "revision_after": record.revision_after,
    }
