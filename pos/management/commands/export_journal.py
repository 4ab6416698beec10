"""`manage.py export_journal --tenant cafe --from 2026-01-01 --to 2026-12-31`: a year of journals as an archive."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core import clock
from fynlo.core.tenancy import registry, tenant_context
from pos.registers.journal.services.exporting import write_archive
from tenants.models import schema_for


class Command(BaseCommand):
    """Exit code 0: a signed archive; 3: written, but something in it does not hold, or no key could be opened."""

    requires_system_checks: list[str] = []
    help = "Write an archive of a merchant's register journals. bin/verify-journal checks it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant, the business days (both included), and where to."""
        parser.add_argument("--tenant", required=True, help="the merchant's slug")
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, required=True)
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True)
        parser.add_argument("--file", type=Path, help="journal-<slug>-<from>-<to>.zip here, unless said")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the archive beside its place as it is read, then put it there."""
        slug, first, last = options["tenant"], options["first"], options["last"]
        if first > last:
            raise CommandError("The first day is after the last one.", returncode=2)
        tenant = registry.tenant_by_schema(schema_for(slug))
        if tenant is None:
            raise CommandError(f"There is no merchant {slug}.", returncode=1)
        file = options["file"] or Path(f"journal-{slug}-{first}-{last}.zip")
        partial, start = file.with_name(f"{file.name}.part"), time.perf_counter()
        try:
            with partial.open("wb") as out, tenant_context(tenant):
                made = write_archive(out=out, first=first, last=last, at=clock.now())
            partial.replace(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}", returncode=2) from error
        seconds = time.perf_counter() - start
        self.stdout.write(
            f"{file}: {made.entries} entries of {made.registers} registers, {file.stat().st_size} bytes, "
            f"{seconds:.2f} s ({made.entries / seconds:.0f} entries a second)."
        )
        for finding in made.findings:
            self.stderr.write(finding)
        if not made.is_signed:
            raise CommandError("The archive is not signed.", returncode=3)
