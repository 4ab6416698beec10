"""Keeping a file and finding out what it would do. Nothing of the catalogue changes here."""

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError, InvalidInput, NotFound
from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from pos.catalog.csv_reading import CsvForm
from pos.catalog.csv_reading.archives import working_size
from pos.catalog.csv_reading.text import MAX_BYTES
from pos.catalog.errors import ImportRefused
from pos.catalog.models import CatalogImport
from pos.importing.files import FileReport, import_file
from pos.importing.progress import follower, forget
from pos.importing.reports import digest_of, file_in, pack
from pos.importing.states import IMPORT, STAGED

SHOWN_PROBLEMS: Final = 20
SHOWN_CATEGORIES: Final = 100
FAULT: Final = "The file could not be looked at: a fault of the software, which is logged. Discard it."


def stage_import(
    *,
    data: bytes,
    file_name: str,
    form: CsvForm,
    sheet: str = "",
    location_code: str | None = None,
    actor: Actor,
    at: dt.datetime,
) -> UUID:
    """Keep a file to be looked at; returns its id. Raises `Forbidden`, and `InvalidInput` for far too much."""
    actor.require("catalog.write")
    if len(data) > MAX_BYTES:
        raise InvalidInput(f"The file has {len(data)} bytes; at most {MAX_BYTES} are read.")
    record = CatalogImport(
        id=new_id(),
        file_name=file_name[:200],
        file_digest=hashlib.sha256(data).hexdigest(),
        content=pack(data=data),
        options={"form": asdict(form), "sheet": sheet, "location": location_code, "size": working_size(data)},
        state=STAGED,
        summary={"is_ready": False},
        staged_at=at,
        staged_by=actor.id,
        staged_by_name=actor.name[:120],
    )
    record.save(force_insert=True)
    return record.id


def look_at_import(*, import_id: UUID, actor: Actor, at: dt.datetime) -> None:
    """Find out what a staged file would do, or everything that is wrong with it. Safe to do again."""
    record = CatalogImport.objects.filter(pk=import_id, state=STAGED).first()
    if record is None:
        return
    data = file_in(bytes(record.content or b""))
    report: FileReport | None = None
    refused: ImportRefused | None = None
    failure = ""
    try:
        report = import_file(
            data=data, **options_of(record), actor=actor, at=at, dry_run=True, progress=follower(import_id)
        )
    except ImportRefused as error:
        refused = error
    except DomainError as error:
        failure = error.detail
    except Exception:  # a fault of ours: whoever sent the file must not wait for ever
        record_failure(import_id=import_id, detail=FAULT)
        raise
    summary = summary_of(report, refused, failure)
    rows = report.catalog.rows if report else ()
    content = pack(data=data, rows=rows, problems=refused.problems if refused else ())
    CatalogImport.objects.filter(pk=import_id, state=STAGED).update(summary=summary, content=content)
    forget(import_id)


def discard_import(*, import_id: UUID, actor: Actor) -> None:
    """Do away with a staged file. Raises `NotFound`, `IllegalTransition`."""
    actor.require("catalog.write")
    with unit_of_work():
        record = locked(import_id)
        record.state = IMPORT.after(record.state, "discard")
        record.content = None
        record.save(update_fields=["state", "content"])


def record_failure(*, import_id: UUID, detail: str) -> None:
    """Keep why work in the background ended, for whoever asks for the file; the rest of the summary stays."""
    with unit_of_work():
        record = CatalogImport.objects.select_for_update().filter(pk=import_id).first()
        if record is not None:
            record.summary = {**record.summary, "failure": detail}
            record.save(update_fields=["summary"])
    forget(import_id)


def locked(import_id: UUID) -> CatalogImport:
    """The file, locked until COMMIT. Raises `NotFound`."""
    found = CatalogImport.objects.select_for_update().filter(pk=import_id).first()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def options_of(record: CatalogImport) -> dict[str, Any]:
    """How the file is read."""
    options = record.options
    return {
        "form": CsvForm(**options["form"]),
        "sheet": options["sheet"],
        "location_code": options["location"],
    }


def summary_of(report: FileReport | None, refused: ImportRefused | None, failure: str = "") -> dict[str, Any]:
    """What a file did or would do, in numbers, with the first of what is wrong."""
    if report is None:
        problems = [str(problem) for problem in refused.problems[:SHOWN_PROBLEMS]] if refused else [failure]
        count = refused.count if refused else 1
        return {"is_ready": True, "can_apply": False, "problem_count": count, "problems": problems}
    catalog = report.catalog
    return {
        "is_ready": True,
        "can_apply": True,
        "problem_count": 0,
        "row_count": len(catalog.rows),
        **{outcome: catalog.count(outcome) for outcome in ("created", "changed", "unchanged")},
        "sheets": dict(Counter(row.sheet for row in catalog.rows)),
        "categories": [" > ".join(path) for path in catalog.categories[:SHOWN_CATEGORIES]],
        "deactivated": catalog.deactivated_count,
        "opening_stock": report.opened_count,
        "digest": digest_of(catalog.rows),
    }
