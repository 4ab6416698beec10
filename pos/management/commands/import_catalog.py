"""`manage.py import_catalog cafe sortiment.csv`: bring a catalogue to what a file says (CSV, XLSX, ZIP)."""

from collections import Counter
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import registry, tenant_context
from pos.catalog.csv_reading import CsvForm
from pos.catalog.errors import ImportRefused
from pos.catalog.importing import RowPlan
from pos.catalog.sheets.declared import BY_NAME
from pos.importing.files import FileReport, import_file
from pos.importing.services import import_now
from tenants.models import schema_for

INVALID_FILE: Final = 2
SHOWN_CHANGES: Final = 200
MANY_ROWS: Final = 2_000
LONGEST_VALUE: Final = 60


class Command(BaseCommand):
    """Runs as the owner role. Exit codes: 0 done, 1 not possible now, 2 the file is not valid."""

    requires_system_checks: list[str] = []
    help = "Import a catalogue from a CSV, XLSX or ZIP file: all of it, or nothing. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant, the file, and how it is written where that cannot be found out."""
        parser.add_argument("slug", help="the merchant's slug")
        parser.add_argument("file", type=Path, help="the catalogue's file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; change nothing")
        parser.add_argument("--sheet", choices=sorted(BY_NAME), help="what a single CSV file is")
        parser.add_argument("--location", help="code of the location where opening stock is")
        parser.add_argument("--delimiter", choices=["auto", ",", ";", "tab"], default="auto")
        parser.add_argument("--encoding", choices=["auto", "utf-8", "cp1252"], default="auto")
        parser.add_argument("--decimal", choices=["auto", ".", ","], default="auto", help="decimal mark")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read the file, call the service once, print what it says."""
        data = _content(options["file"])
        form = CsvForm(
            encoding=options["encoding"], delimiter=options["delimiter"], decimal=options["decimal"]
        )
        tenant = registry.tenant_by_schema(schema_for(options["slug"]))
        if tenant is None:
            raise CommandError(f"There is no merchant {options['slug']}.", returncode=1)
        try:
            with tenant_context(tenant):
                self._import(data, form, options)
        except ImportRefused as refused:
            self._refuse(options["file"], refused)
        except DomainError as error:
            raise CommandError(str(error), returncode=1) from error

    def _import(self, data: bytes, form: CsvForm, options: Any) -> None:
        said: dict[str, Any] = {
            "data": data,
            "form": form,
            "sheet": options["sheet"] or "",
            "location_code": options["location"],
            "actor": SYSTEM,
            "at": now(),
            "progress": self._progress,
        }
        if options["dry_run"]:
            self._print(import_file(**said, dry_run=True))
            return
        report, key = import_now(**said, file_name=options["file"].name)
        self._print(report)
        if report.catalog.revision_after:
            self.stdout.write(f"To take it back: manage.py revert_import {options['slug']} {key}")

    def _print(self, report: FileReport) -> None:
        dry_run = report.catalog.dry_run
        for path in report.catalog.categories:
            self.stdout.write(f"+ category {' > '.join(path)}")
        changed = [row for row in report.catalog.rows if row.outcome == "changed"]
        for row in changed[:SHOWN_CHANGES]:
            self.stdout.write(f"~ {_row_line(row)}")
        if len(changed) > SHOWN_CHANGES:
            self.stdout.write(f"~ and {len(changed) - SHOWN_CHANGES} more changed")
        counts = Counter(row.outcome for row in report.catalog.rows)
        self.stdout.write(
            f"{len(report.catalog.rows)} rows: {counts['created']} created, {counts['changed']} changed, "
            f"{counts['unchanged']} unchanged"
        )
        if report.opened_count or report.kept_count:
            self.stdout.write(
                f"opening stock: {report.opened_count} recorded, {report.kept_count} were there before"
            )
        if report.catalog.deactivated_count:
            self.stdout.write(f"{report.catalog.deactivated_count} items lost all variants and are inactive")
        self.stdout.write("Dry run: nothing was changed." if dry_run else "Imported.")

    def _refuse(self, file: Path, refused: ImportRefused) -> None:
        for problem in refused.problems:
            self.stderr.write(str(problem))
        if refused.count > len(refused.problems):
            self.stderr.write(f"and {refused.count - len(refused.problems)} more")
        noun = "problem" if refused.count == 1 else "problems"
        told = f"{file}: {refused.count} {noun}; nothing was imported."
        raise CommandError(told, returncode=INVALID_FILE) from None

    def _progress(self, what: str, done: int, total: int) -> None:
        if total >= MANY_ROWS:
            self.stderr.write(f"  {what}: {done} of {total}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=INVALID_FILE) from error


def _row_line(row: RowPlan) -> str:
    changes = ", ".join(f"{each.field} {_shown(each.before)} → {_shown(each.after)}" for each in row.changes)
    return f"line {row.line}, {row.key} ({row.name}): {changes}"


def _shown(text: str) -> str:
    shown = text.replace("\n", " ") or "none"
    return shown if len(shown) <= LONGEST_VALUE else f"{shown[: LONGEST_VALUE - 1]}…"
