"""Importing a file at once: the catalogue it states and the stock there was at the start, all or nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date
from fynlo.core.database import run_transaction
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from pos.catalog.csv_reading import CatalogFile, CsvForm, Row, RowProblem
from pos.catalog.csv_reading.reading import read_catalog
from pos.catalog.errors import ImportRefused
from pos.catalog.queries import tax_class_codes
from pos.catalog.services import ImportReport, import_catalog
from pos.catalog.services.imports import Progress
from pos.importing.memory import uncollected
from pos.inventory.models import StockMovement
from pos.inventory.services import StockChange, record_opening
from pos.registers.models import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of a file. `opened_count` opening stocks were recorded; `kept_count` were there before."""

    catalog: ImportReport
    file: CatalogFile
    opened_count: int
    kept_count: int


def import_file(
    *,
    data: bytes,
    form: CsvForm,
    sheet: str = "",
    location_code: str | None,
    actor: Actor,
    at: dt.datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    cause: str = "import",
) -> FileReport:
    """Read a file and bring the current merchant's catalogue and opening stock to it.

    Opening stock is recorded at the location of that code (the only one there is, if None), once per variant:
    what is recorded already stays. `sheet` says what a single CSV file is, if its header shall not decide.
    Raises `ImportRefused` with every problem of the file, and `NotFound` for a location that is not there.
    Nothing is written unless everything is.
    """
    with uncollected():
        return bring_file(
            file=read_file(data=data, form=form, sheet=sheet),
            location_code=location_code,
            actor=actor,
            at=at,
            dry_run=dry_run,
            progress=progress,
            cause=cause,
        )


def bring_file(
    *,
    file: CatalogFile,
    location_code: str | None,
    actor: Actor,
    at: dt.datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    cause: str = "import",
) -> FileReport:
    """The same with a file that was read already: reading takes long, and needs no lock."""
    stated = {row["sku"]: row["opening_stock"] for row in file.rows if row["opening_stock"]}
    says_where = (stated or location_code is not None) and not file.problem_count
    location = _location(location_code, file.rows) if says_where else None
    if dry_run:
        report = import_catalog(file=file, actor=actor, at=at, dry_run=True, progress=progress)
        opened, kept = _openings(report, stated, location)
        return FileReport(catalog=report, file=file, opened_count=len(opened), kept_count=kept)
    return run_transaction(
        lambda: _write(file, stated, location, actor=actor, at=at, progress=progress, cause=cause)
    )


def read_file(*, data: bytes, form: CsvForm, sheet: str = "") -> CatalogFile:
    """Read a file as the current merchant's: in its currency, with its tax classes."""
    return read_catalog(
        data=data,
        currency=current_tenant().currency,
        tax_classes=tax_class_codes(),
        form=form,
        sheet=sheet,
    )


def _write(
    file: CatalogFile,
    stated: Mapping[str, Decimal],
    location: Location | None,
    *,
    actor: Actor,
    at: dt.datetime,
    progress: Progress | None,
    cause: str,
) -> FileReport:
    with unit_of_work():
        report = import_catalog(file=file, actor=actor, at=at, progress=progress, cause=cause)
        opened, kept = _openings(report, stated, location)
        if location is not None:
            _record(opened, location, actor=actor, at=at)
    return FileReport(catalog=report, file=file, opened_count=len(opened), kept_count=kept)


def _openings(
    report: ImportReport, stated: Mapping[str, Decimal], location: Location | None
) -> tuple[list[StockChange], int]:
    """The opening stocks to record, and how many were recorded before."""
    if location is None:
        return [], 0
    wanted = {
        UUID(row.node_id): stated[row.key]
        for row in report.rows
        if row.sheet == "items" and row.node_id and row.key in stated
    }
    there = set(
        StockMovement.objects.filter(
            kind=StockMovement.OPENING, location=location, variant_id__in=wanted
        ).values_list("variant_id", flat=True)
    )
    changes = [
        StockChange(variant_id=key, quantity=quantity) for key, quantity in wanted.items() if key not in there
    ]
    return changes, len(there)


def _record(changes: list[StockChange], location: Location, *, actor: Actor, at: dt.datetime) -> None:
    record_opening(
        location_id=location.id,
        changes=changes,
        employee_id=actor.employee_id,
        at=at,
        business_date=business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off),
    )


def _location(code: str | None, rows: tuple[Row, ...]) -> Location:
    places = {place.code: place for place in Location.objects.order_by("code")}
    if code is None and len(places) == 1:
        return next(iter(places.values()))
    if code in places:
        return places[code]
    known = ", ".join(places) or "none yet"
    if code is not None:
        raise NotFound(f"There is no location {code}; the locations are {known}.")
    first = next(row for row in rows if row["opening_stock"])
    reason = f"say at which location the stock is; the locations are {known}"
    given = str(first["opening_stock"])
    raise ImportRefused([RowProblem(line=first.line, column="opening_stock", reason=reason, given=given)])
