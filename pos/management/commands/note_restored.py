"""`manage.py note_restored cafe --made-at … --reason …`: tell the journals that a back-up was restored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from fynlo.core import clock
from fynlo.core.tenancy import registry, tenant_context
from pos.registers.journal.services.technical import note_restored
from tenants.models import schema_for


class Command(BaseCommand):
    """Part of every restore. Saying the same twice adds nothing."""

    requires_system_checks: list[str] = []
    help = "Note in the journal of every register of a merchant that a back-up was restored."

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant, when the back-up was made, and why it was needed."""
        parser.add_argument("slug", help="the merchant's slug")
        parser.add_argument(
            "--made-at", required=True, help="when the back-up was made: 2026-03-01T02:00:00Z"
        )
        parser.add_argument("--reason", required=True, help="why it was restored")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Append the entries."""
        made_at = _instant(options["made_at"])
        tenant = registry.tenant_by_schema(schema_for(options["slug"]))
        if tenant is None:
            raise CommandError(f"There is no merchant {options['slug']}.", returncode=1)
        with tenant_context(tenant):
            told = note_restored(made_at=made_at, reason=options["reason"][:200], at=clock.now())
        self.stdout.write(f"{told} journals say so.")


def _instant(text: str) -> Any:
    try:
        read = parse_datetime(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise CommandError(f"{text} is no time with its zone, such as 2026-03-01T02:00:00Z.", returncode=2)
    return read
