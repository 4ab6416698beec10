"""`manage.py rotate_payment_secrets [cafe …]`: seals the secrets of payment accounts with the first key.

To change the platform's key: put a new one in front of `FYNLO_SEALING_KEYS`, restart, run this (and
`journal_keys <slug> --reseal` for the journals), and take the old key away.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.sealing import CannotUnseal
from fynlo.core.tenancy import TenantLike, registry, tenant_context
from payments.gateways.services.rotating import rotate_secrets
from tenants.vendor_secrets import reseal_vendor_secrets


class Command(BaseCommand):
    """Prints counts, never a secret. Stopped in between, it goes on where it was when it is started again."""

    requires_system_checks: list[str] = []
    help = "Seal the secrets of every merchant's payment accounts with the first of FYNLO_SEALING_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose secrets; everybody's unless said."""
        parser.add_argument("slugs", nargs="*", help="merchants' slugs; every live merchant unless given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """The platform, then merchant by merchant, each in its own context. Exit code 3 when one stays shut."""
        tenants = self._tenants(options["slugs"])
        if not options["slugs"]:
            self._platform()
        stuck = 0
        for number, tenant in enumerate(tenants, 1):
            head = f"{number}/{len(tenants)} {tenant.slug}"
            with tenant_context(tenant):
                try:
                    for done in rotate_secrets():
                        self.stdout.write(f"{head}: {done.sealed} of {done.found} {done.what} sealed anew")
                except CannotUnseal as error:
                    stuck += 1
                    self.stderr.write(f"{head}: {error}")
        if stuck:
            raise CommandError(f"{stuck} merchants have a secret that could not be opened.", returncode=3)

    def _platform(self) -> None:
        """Secrets of the platform's own endpoints; said only when there are any."""
        try:
            found, sealed = reseal_vendor_secrets()
        except CannotUnseal as error:
            raise CommandError(f"platform: {error}", returncode=3) from error
        if found:
            self.stdout.write(f"platform: {sealed} of {found} endpoints sealed anew")

    def _tenants(self, slugs: list[str]) -> list[TenantLike]:
        live = registry.live_tenants()
        unknown = sorted(set(slugs) - {tenant.slug for tenant in live})
        if unknown:
            raise CommandError(f"There is no merchant {unknown[0]}.", returncode=1)
        return [tenant for tenant in live if not slugs or tenant.slug in slugs]
