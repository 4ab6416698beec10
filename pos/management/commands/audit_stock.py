"""`manage.py audit_stock cafe`: is every stock level what its movements add up to?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core import clock
from fynlo.core.tenancy import TenantLike, registry, tenant_context
from pos.inventory.quantities import plain_cost
from pos.inventory.queries.audit import Difference
from pos.inventory.services.audit import audit, repair
from tenants.models import schema_for


class Command(BaseCommand):
    """Exit code 0: all of them are; 3: some are not. Nothing is changed but with `--repair`."""

    requires_system_checks: list[str] = []
    help = "Compare stock levels with the sums they stand for, of one merchant or of all live ones."

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant, and whether levels that differ are made anew from their movements."""
        parser.add_argument("slug", nargs="?", help="the merchant's slug; every live merchant without one")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="make levels that differ anew from their movements (movements are never changed)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Audit one merchant after the other; print every difference."""
        found = 0
        for tenant in _chosen(options["slug"]):
            with tenant_context(tenant):
                differences = audit(at=clock.now()).differences
                found += len(differences)
                self.stdout.write(f"{tenant.schema_name}: {len(differences)} differences")
                for each in differences:
                    self.stdout.write(f"  {_line(each)}")
                places = tuple(sorted({each.place for each in differences}))
                if places and options["repair"]:
                    repair(places=places, at=clock.now())
                    self.stdout.write(f"  {len(places)} levels made anew from their movements")
        if found:
            raise CommandError(f"{found} figures differ from the sums they stand for.", returncode=3)


def _chosen(slug: str | None) -> list[TenantLike]:
    if slug is None:
        return registry.live_tenants()
    tenant = registry.tenant_by_schema(schema_for(slug))
    if tenant is None:
        raise CommandError(f"There is no merchant {slug}.", returncode=1)
    return [tenant]


def _line(difference: Difference) -> str:
    level = "no level" if difference.level is None else plain_cost(difference.level)
    place = f"variant {difference.place.variant_id} at location {difference.place.location_id}"
    return f"{place}: {difference.figure} is {level}, its rows add up to {plain_cost(difference.total)}"
