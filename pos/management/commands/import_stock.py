"""`manage.py import_stock cafe levels bestand.csv`: bring stock to what a file says, or take a file back."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import registry, tenant_context
from pos.catalog.csv_reading import CsvForm
from pos.stock_files.kinds.base import PROBLEM
from pos.stock_files.kinds.declared import BY_NAME
from pos.stock_files.models import StockFile
from pos.stock_files.queries import find_file
from pos.stock_files.services import apply_file, discard_file, look_at_file, revert_file, stage_file
from pos.stock_files.services.staging import problem_of
from tenants.models import schema_for

INVALID_FILE: Final = 2
SHOWN_PROBLEMS: Final = 1_000
SHOWN_CHANGES: Final = 200
MANY_ROWS: Final = 4_000


class Command(BaseCommand):
    """Runs as the owner role. Exit codes: 0 done, 1 not possible now, 2 the file is not valid."""

    requires_system_checks: list[str] = []
    help = (
        "Import stock from a CSV or XLSX file; nothing of one in which anything is wrong. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant, what the file holds, the file; or an import to take back."""
        parser.add_argument("slug", help="the merchant's slug")
        parser.add_argument("kind", nargs="?", choices=sorted(BY_NAME), help="what the file holds")
        parser.add_argument("file", nargs="?", type=Path, help="the file")
        parser.add_argument("--revert", type=UUID, metavar="ID", help="take this import back")
        parser.add_argument("--force", action="store_true", help="take back what changed since, too")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; change nothing")
        parser.add_argument("--location", help="code of the location of rows that name none")
        parser.add_argument("--delimiter", choices=["auto", ",", ";", "tab"], default="auto")
        parser.add_argument("--encoding", choices=["auto", "utf-8", "cp1252"], default="auto")
        parser.add_argument("--decimal", choices=["auto", ".", ","], default="auto", help="decimal mark")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Call the services, print what they say."""
        if options["revert"] is None and (options["kind"] is None or options["file"] is None):
            raise CommandError("Say what the file holds and the file, or --revert ID.", returncode=1)
        tenant = registry.tenant_by_schema(schema_for(options["slug"]))
        if tenant is None:
            raise CommandError(f"There is no merchant {options['slug']}.", returncode=1)
        try:
            with tenant_context(tenant):
                if options["revert"] is not None:
                    self._revert(options["revert"], force=options["force"])
                else:
                    self._import(options)
        except DomainError as error:
            raise CommandError(str(error), returncode=1) from error

    def _revert(self, key: UUID, *, force: bool) -> None:
        record = revert_file(file_id=key, actor=SYSTEM, at=now(), clock=now, force=force)
        for word in record.summary["kept"]:
            self.stdout.write(f"stays: {word}")
        self.stdout.write(f"{record.file_name} is taken back.")

    def _import(self, options: Any) -> None:
        file: Path = options["file"]
        key = stage_file(
            data=_content(file),
            file_name=file.name,
            kind=options["kind"],
            form=CsvForm(
                encoding=options["encoding"], delimiter=options["delimiter"], decimal=options["decimal"]
            ),
            location_code=options["location"],
            actor=SYSTEM,
            at=now(),
        )
        look_at_file(file_id=key, actor=SYSTEM, at=now(), progress=self._progress)
        record = find_file(file_id=key)
        if not record.summary.get("can_apply"):
            self._refuse(file, record)
        self._print(record)
        if options["dry_run"]:
            discard_file(file_id=key, actor=SYSTEM)
            self.stdout.write("Dry run: nothing was changed.")
            return
        apply_file(file_id=key, actor=SYSTEM, at=now(), clock=now, progress=self._progress)
        self.stdout.write("Imported.")
        self.stdout.write(f"To take it back: manage.py import_stock {options['slug']} --revert {key}")

    def _print(self, record: StockFile) -> None:
        changed = record.rows.filter(outcome__in=("created", "changed")).order_by("line", "id")
        for row in changed[:SHOWN_CHANGES]:
            what = ", ".join(
                f"{each['column']} {each['before'] or 'none'} → {each['after'] or 'none'}"
                for each in row.changes
            )
            self.stdout.write(
                f"{'+' if row.outcome == 'created' else '~'} line {row.line}, {row.key}: {what}"
            )
        summary = record.summary
        if (rest := summary["created"] + summary["changed"] - SHOWN_CHANGES) > 0:
            self.stdout.write(f"~ and {rest} more")
        self.stdout.write(
            f"{summary['row_count']} rows: {summary['created']} created, {summary['changed']} changed, "
            f"{summary['unchanged']} unchanged"
        )

    def _refuse(self, file: Path, record: StockFile) -> None:
        """Tell what is wrong; nothing is kept of the file."""
        count = record.summary.get("problem_count", 0)
        for row in record.rows.filter(outcome=PROBLEM).order_by("line", "id")[:SHOWN_PROBLEMS]:
            self.stderr.write(str(problem_of(row)))
        if count > SHOWN_PROBLEMS:
            self.stderr.write(f"and {count - SHOWN_PROBLEMS} more")
        told = record.summary.get("failure") or f"{count} {'problem' if count == 1 else 'problems'}"
        discard_file(file_id=record.pk, actor=SYSTEM)
        raise CommandError(f"{file}: {told}; nothing was imported.", returncode=INVALID_FILE)

    def _progress(self, what: str, done: int, total: int) -> None:
        if total >= MANY_ROWS:
            self.stderr.write(f"  {what}: {done} of {total}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=INVALID_FILE) from error
