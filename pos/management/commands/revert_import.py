"""`manage.py revert_import cafe`: take back the last catalogue file that was imported, or the one that is named."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import registry, tenant_context
from pos.importing.queries import imports
from pos.importing.services import revert_import
from pos.importing.states import APPLIED
from tenants.models import schema_for


class Command(BaseCommand):
    """Exit codes: 0 done, 1 not possible."""

    requires_system_checks: list[str] = []
    help = "Bring the catalogue back to what it was before an import."

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant and the import."""
        parser.add_argument("slug", help="the merchant's slug")
        parser.add_argument("import_id", type=UUID, nargs="?", help="which import; the last one if not said")
        parser.add_argument(
            "--force", action="store_true", help="take back what something else changed since, too"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Call the service once, print what it says."""
        tenant = registry.tenant_by_schema(schema_for(options["slug"]))
        if tenant is None:
            raise CommandError(f"There is no merchant {options['slug']}.", returncode=1)
        try:
            with tenant_context(tenant):
                restored = revert_import(
                    import_id=options["import_id"] or _last(),
                    actor=SYSTEM,
                    at=now(),
                    force=options["force"],
                )
        except DomainError as error:
            raise CommandError(error.detail, returncode=1) from error
        for name in restored.kept:
            self.stdout.write(f"! {name} stays, switched off: it was sold, counted, or is needed")
        self.stdout.write(f"{restored.document_count} documents are as they were before the import.")


def _last() -> UUID:
    found = imports().filter(state=APPLIED).order_by("-applied_at", "-pk").first()
    if found is None:
        raise CommandError("There is no import to take back.", returncode=1)
    return found.pk
