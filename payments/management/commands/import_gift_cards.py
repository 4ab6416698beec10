"""`manage.py import_gift_cards --tenant cafe karten.csv`: take over the gift cards of an earlier system."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, InvalidInput
from fynlo.core.ids import new_id
from fynlo.core.money import spell_money
from fynlo.core.tenancy import registry, tenant_context
from payments.credit.card_files import Written
from payments.credit.services import (
    ImportDraft,
    import_cards,
    imported_before,
    look_at_cards,
    reverse_import,
)
from tenants.models import schema_for

INVALID_FILE: Final = 2
SHOWN_PROBLEMS: Final = 1_000
MANY_PINS: Final = 200


class Command(BaseCommand):
    """Runs as the owner role. Exit codes: 0 done, 1 not possible now, 2 the file is not valid."""

    requires_system_checks: list[str] = []
    help = (
        "Import gift cards of an earlier system from a CSV or XLSX file (code, balance, perhaps expires_on, holder "
        "and pin): all of them, or none if anything is wrong. The same file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant and the file; or an import to take back."""
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the merchant's slug")
        parser.add_argument("file", nargs="?", type=Path, help="the file")
        parser.add_argument("--name", help="what people call the import; the file's name unless said")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; change nothing")
        parser.add_argument("--revert", type=UUID, metavar="ID", help="take back what nobody has used of it")
        parser.add_argument("--delimiter", choices=["auto", ",", ";", "tab"], default="auto")
        parser.add_argument("--encoding", choices=["auto", "utf-8", "cp1252"], default="auto")
        parser.add_argument("--decimal", choices=["auto", ".", ","], default="auto", help="decimal mark")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Call the services, print what they say."""
        if (options["file"] is None) == (options["revert"] is None):
            raise CommandError("Say the file, or --revert ID.", returncode=1)
        tenant = registry.tenant_by_schema(schema_for(options["tenant"]))
        if tenant is None:
            raise CommandError(f"There is no merchant {options['tenant']}.", returncode=1)
        try:
            with tenant_context(tenant):
                if options["revert"] is not None:
                    self._revert(options["revert"])
                else:
                    self._import(options["file"], options)
        except DomainError as error:
            raise CommandError(str(error), returncode=1) from error

    def _revert(self, key: UUID) -> None:
        report = reverse_import(import_id=key, actor=SYSTEM, at=now())
        self.stdout.write(
            f"{report.name}: {report.rows_count - report.kept_count} of {report.rows_count} cards are taken back."
        )

    def _import(self, file: Path, options: Any) -> None:
        content = _content(file)
        known = imported_before(content=content)
        if known is not None:
            day = f"{known.imported_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(
                f"This file was imported already ({known.rows_count} cards, {day}): nothing was changed."
            )
            return
        written = Written(
            encoding=options["encoding"], delimiter=options["delimiter"], decimal=options["decimal"]
        )
        self._look(file, content, written)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
            return
        draft = ImportDraft(
            id=new_id(),
            name=(options["name"] or file.name)[:120],
            content=content,
            written=written,
            is_waited_for=False,
        )
        report = import_cards(draft=draft, actor=SYSTEM, at=now(), told=self._told)
        self.stdout.write("Imported.")
        self.stdout.write(
            f"To take it back: manage.py import_gift_cards --tenant {options['tenant']} --revert {report.id}"
        )

    def _look(self, file: Path, content: bytes, written: Written) -> None:
        """Tell what the file would do, or everything that is wrong with it."""
        try:
            read = look_at_cards(content=content, written=written)
        except InvalidInput as error:
            raise CommandError(f"{file}: {error.detail}", returncode=INVALID_FILE) from error
        for problem in read.problems[:SHOWN_PROBLEMS]:
            self.stderr.write(str(problem))
        if read.problems:
            count = len(read.problems)
            if count > SHOWN_PROBLEMS:
                self.stderr.write(f"and {count - SHOWN_PROBLEMS} more")
            told = f"{count} {'problem' if count == 1 else 'problems'}"
            raise CommandError(f"{file}: {told}; nothing was imported.", returncode=INVALID_FILE)
        self.stdout.write(
            f"{len(read.rows)} cards with {spell_money(read.total_minor, read.currency)} on them; "
            f"{read.pins_count} with a PIN, {read.expired_count(day=now().date())} expired already."
        )

    def _told(self, done: int, total: int) -> None:
        if total >= MANY_PINS:
            self.stderr.write(f"  {done} of {total}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=INVALID_FILE) from error
