"""Bringing the catalogue to what a file says: all of it, or nothing."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.ids import new_id
from fynlo.events.log import append
from pos.catalog.csv_reading import CatalogFile, RowProblem
from pos.catalog.documents.planning import Plan, plan_documents
from pos.catalog.errors import ImportRefused
from pos.catalog.importing import ImportPlan, RowPlan, plan_import
from pos.catalog.models import PriceBookVersion
from pos.catalog.queries.snapshot import known_catalogue
from pos.catalog.services.document_rows import write_batch
from pos.catalog.services.publishing import publish
from pos.catalog.services.writing import lock_catalog, write
from pos.catalog.sheets.names import Path
from pos.events import CatalogImported

Progress = Callable[[str, int, int], None]
"""Told what is done with the rows, how many of them are done, and how many there are."""
MAX_PROBLEMS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or (a dry run) would do. `deactivated_count` items lost all variants to others.

    `revision_before` and `revision_after` are the catalogue's; they are equal when nothing was written.
    """

    rows: tuple[RowPlan, ...]
    categories: tuple[Path, ...]
    deactivated_count: int
    dry_run: bool
    revision_before: int = 0
    revision_after: int = 0
    document_count: int = 0

    def count(self, outcome: str) -> int:
        """How many rows were created, changed or unchanged."""
        return sum(row.outcome == outcome for row in self.rows)


def import_catalog(
    *,
    file: CatalogFile,
    actor: Actor,
    at: dt.datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    cause: str = "import",
) -> ImportReport:
    """Create and change what the rows of `file` state; the rest of the catalogue stays.

    One transaction, one version of the price book (none when nothing changes). Raises `ImportRefused` with
    every problem of the file and of what it would make, and `Forbidden` without `catalog.write`.
    """
    told = progress or _silent
    if dry_run:
        actor.require("catalog.write")
        return _report(_checked(file, told)[0], dry_run=True)
    return write(actor, lambda: _import(file, actor=actor, at=at, progress=told, cause=cause))


def _import(
    file: CatalogFile, *, actor: Actor, at: dt.datetime, progress: Progress, cause: str
) -> ImportReport:
    plan, checked = _checked(file, progress)
    if not checked.touched:
        return _report(plan, dry_run=False)
    if not PriceBookVersion.objects.exists():
        publish(touched=(), cause="first price book", by=None, at=at)
    before = lock_catalog()
    write_batch(checked.batch)
    progress("written", file.row_count, file.row_count)
    append(
        CatalogImported(
            entity_id=new_id(),
            at=at,
            created=plan.count("created"),
            changed=plan.count("changed"),
            unchanged=plan.count("unchanged"),
            changed_by=actor.id,
        )
    )
    after = publish(touched=checked.touched, cause=cause, by=actor.id, at=at)
    progress("published", file.row_count, file.row_count)
    report = _report(plan, dry_run=False)
    return ImportReport(
        rows=report.rows,
        categories=report.categories,
        deactivated_count=report.deactivated_count,
        dry_run=False,
        revision_before=before,
        revision_after=after,
        document_count=len(checked.touched),
    )


def _checked(file: CatalogFile, progress: Progress) -> tuple[ImportPlan, Plan]:
    """What the file means, and what is wrong with it: cells, rows beside each other, and beside what there is."""
    plan = plan_import(file=file, known=known_catalogue())
    progress("compared", file.row_count, file.row_count)
    checked = plan_documents(documents=plan.documents)
    progress("checked", file.row_count, file.row_count)
    shows_sheet = len(file.sheets) > 1
    problems = [*plan.problems, *_in_rows(checked.problems, plan, shows_sheet=shows_sheet)]
    if problems or file.problems:
        every = sorted([*file.problems, *problems], key=lambda problem: problem.line)
        raise ImportRefused(every[:MAX_PROBLEMS], count=file.problem_count + len(problems))
    return plan, checked


def _in_rows(
    problems: Iterable[FieldProblem], plan: ImportPlan, *, shows_sheet: bool
) -> Iterable[RowProblem]:
    """What is wrong with documents, told at the cells they came from."""
    for problem in problems:
        _, number, *rest = problem.pointer.split("/")
        _, document = plan.documents[int(number)]
        place = plan.place_of(document, "/".join(rest))
        yield RowProblem(
            line=place.line,
            column=place.column,
            reason=problem.detail.rstrip("."),
            given=place.given,
            sheet=place.sheet if shows_sheet else "",
        )


def _report(plan: ImportPlan, *, dry_run: bool) -> ImportReport:
    return ImportReport(
        rows=plan.rows,
        categories=plan.categories,
        deactivated_count=len(plan.emptied),
        dry_run=dry_run,
        document_count=len(plan.documents),
    )


def _silent(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""
