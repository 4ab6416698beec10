"""Bringing the catalogue to what a staged file says."""

import datetime as dt
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import NotFound
from fynlo.events.log import unit_of_work
from pos.catalog.csv_reading import CatalogFile, CsvForm
from pos.catalog.errors import ImportRefused
from pos.catalog.models import CatalogImport
from pos.catalog.services.imports import Progress
from pos.catalog.services.writing import lock_catalog
from pos.importing.errors import ImportNotReady, ImportOutdated
from pos.importing.files import FileReport, bring_file, read_file
from pos.importing.memory import uncollected
from pos.importing.progress import follower, forget
from pos.importing.reports import file_in, pack
from pos.importing.services.staging import (
    locked,
    look_at_import,
    options_of,
    stage_import,
    summary_of,
)
from pos.importing.states import IMPORT


def apply_import(
    *, import_id: UUID, actor: Actor, at: dt.datetime, progress: Progress | None = None
) -> FileReport:
    """Do what was looked at: all of it, or nothing.

    Raises `NotFound`, `IllegalTransition`, `ImportNotReady`, `ImportRefused` (with every problem), and
    `ImportOutdated` when the file would now do something else; then it was looked at again.
    """
    actor.require("catalog.write")
    told = progress or follower(import_id)
    try:
        with uncollected():
            file, location = _read(import_id)
            return run_transaction(
                lambda: _apply(import_id, file, location, actor=actor, at=at, progress=told)
            )
    except (ImportOutdated, ImportRefused):
        look_at_import(import_id=import_id, actor=actor, at=at)
        raise
    finally:
        forget(import_id)


def import_now(
    *,
    data: bytes,
    file_name: str,
    form: CsvForm,
    sheet: str = "",
    location_code: str | None = None,
    actor: Actor,
    at: dt.datetime,
    progress: Progress | None = None,
) -> tuple[FileReport, UUID]:
    """Bring the catalogue to a file without looking at it first; returns what it did and the import's id.

    Raises what `import_file` does; nothing is kept of a file that was refused.
    """
    actor.require("catalog.write")

    def run() -> tuple[FileReport, UUID]:
        with unit_of_work():
            lock_catalog()
            report = bring_file(
                file=file,
                location_code=location_code,
                actor=actor,
                at=at,
                progress=progress,
                cause=f"import {file_name}",
            )
            key = stage_import(
                data=data,
                file_name=file_name,
                form=form,
                sheet=sheet,
                location_code=location_code,
                actor=actor,
                at=at,
            )
            record = locked(key)
            record.state = IMPORT.after(record.state, "apply")
            record.content = pack(data=data, rows=report.catalog.rows)
            _keep(record, report, at=at)
        return report, key

    with uncollected():
        file = read_file(data=data, form=form, sheet=sheet)
        return run_transaction(run)


def _read(import_id: UUID) -> tuple[CatalogFile, str | None]:
    """The file and the location of its stock. Reading takes long, so it comes before the catalogue's lock."""
    record = CatalogImport.objects.filter(pk=import_id).first()
    if record is None:
        raise NotFound("There is no such import.")
    _may_apply(record)
    options = options_of(record)
    data = file_in(bytes(record.content or b""))
    return read_file(data=data, form=options["form"], sheet=options["sheet"]), options["location_code"]


def _may_apply(record: CatalogImport) -> str:
    """The state it would be in. Raises `IllegalTransition`, `ImportNotReady`."""
    state = IMPORT.after(record.state, "apply")
    if not record.summary.get("is_ready"):
        raise ImportNotReady("Wait until the file was looked at.")
    return state


def _apply(
    import_id: UUID,
    file: CatalogFile,
    location: str | None,
    *,
    actor: Actor,
    at: dt.datetime,
    progress: Progress,
) -> FileReport:
    with unit_of_work():
        lock_catalog()
        record = locked(import_id)
        state = _may_apply(record)
        report = bring_file(
            file=file,
            location_code=location,
            actor=actor,
            at=at,
            progress=progress,
            cause=f"import {record.file_name}",
        )
        summary = summary_of(report, None)
        if summary["digest"] != record.summary.get("digest"):
            raise ImportOutdated("The catalogue changed meanwhile. Look at the rows again, then apply.")
        record.state = state
        _keep(record, report, at=at)
    return report


def _keep(record: CatalogImport, report: FileReport, *, at: dt.datetime) -> None:
    record.summary, record.applied_at = summary_of(report, None), at
    record.revision_before = report.catalog.revision_before
    record.revision_after = report.catalog.revision_after
    record.save()
