"""`manage.py export_catalog cafe catalogue.xlsx`: a merchant's whole catalogue as a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.tenancy import registry, tenant_context
from pos.catalog.queries.export import write_export
from pos.catalog.sheets.declared import BY_NAME
from tenants.models import schema_for


class Command(BaseCommand):
    """The same catalogue is the same bytes, and importing them changes nothing."""

    requires_system_checks: list[str] = []
    help = "Write a merchant's catalogue: XLSX, a ZIP of CSV files, or one sheet as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant and the file, whose ending says what it shall be."""
        parser.add_argument("slug", help="the merchant's slug")
        parser.add_argument("file", type=Path, help="where to: ends in .xlsx, .zip, or (with --sheet) .csv")
        parser.add_argument("--sheet", choices=sorted(BY_NAME), help="one sheet only")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file a batch at a time, beside its place, then put it there."""
        file, sheet = options["file"], options["sheet"]
        expected = {".xlsx"} | ({".csv"} if sheet else {".zip"})
        if file.suffix.lower() not in expected:
            raise CommandError(f"{file} should end in {' or '.join(sorted(expected))}.", returncode=2)
        tenant = registry.tenant_by_schema(schema_for(options["slug"]))
        if tenant is None:
            raise CommandError(f"There is no merchant {options['slug']}.", returncode=1)
        partial = file.with_name(f"{file.name}.part")
        try:
            with partial.open("wb") as out, tenant_context(tenant):
                write_export(
                    out, file_format="xlsx" if file.suffix.lower() == ".xlsx" else "csv", sheet=sheet
                )
            partial.replace(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}", returncode=2) from error
        self.stdout.write(f"{file}: {file.stat().st_size} bytes.")
