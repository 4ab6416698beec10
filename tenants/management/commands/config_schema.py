"""`manage.py config_schema [section]`: the JSON Schema of the merchant's file."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.configuration.fields import nearest
from tenants.configuration.schema import file_schema, section_schema
from tenants.configuration.sections import registered


class Command(BaseCommand):
    """Prints the schema (JSON Schema 2020-12) of the whole file or of one section."""

    help = "Print the JSON Schema of the merchant's file, or of one of its sections."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The section is optional."""
        parser.add_argument("section", nargs="?", help="only this section, for example pos")

    def handle(self, *_args: Any, section: str | None = None, **_options: Any) -> None:
        """Print the schema; an unknown section exits with 2."""
        if section is not None and section not in registered():
            meant = nearest(section, list(registered()))
            hint = f" Did you mean {meant}?" if meant else f" Known are {', '.join(registered())}."
            raise CommandError(f"There is no section {section!r}.{hint}", returncode=2)
        schema = section_schema(section) if section else file_schema()
        self.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False))
