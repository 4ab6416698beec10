"""`manage.py rotate_payment_secrets [cafe …]`: seals the secrets of payment accounts with the first key.

To change the platform's key: put a new one in front of `FYNLO_SEALING_KEYS`, restart, run this (and
`journal_keys <slug> --reseal` for the journals), and take the old key away when both went through for everybody.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from fynlo.core.sealing import CannotUnseal
from fynlo.core.tenancy import registry, tenant_context
from payments.gateways.models import Connection
from payments.gateways.services.rotating import rotate_secrets
from tenants.queries import Merchant, merchants
from tenants.vendor_secrets import reseal_vendor_secrets


class Command(BaseCommand):
    """Prints counts, never a secret. Stopped in between, it goes on where it was when it is started again."""

    requires_system_checks: list[str] = []
    help = "Seal the secrets of every merchant's payment accounts with the first of FYNLO_SEALING_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose secrets; everybody's unless said."""
        parser.add_argument("slugs", nargs="*", help="merchants' slugs; every merchant unless given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """The platform, then merchant by merchant, each in its own context, whatever state they are in: also those
        who are suspended or closed give money back by these secrets. Exit code 3 when one stays shut.
        """
        found = self._merchants(options["slugs"])
        if not options["slugs"]:
            self._platform()
        told = [(each, f"{number}/{len(found)} {_name(each)}") for number, each in enumerate(found, 1)]
        stuck = [each.slug for each, head in told if not self._is_done(each, head)]
        if stuck:
            raise CommandError(
                f"{len(stuck)} merchants have secrets that were not sealed anew: {', '.join(stuck)}. "
                "Keep the old keys in FYNLO_SEALING_KEYS.",
                returncode=3,
            )

    def _is_done(self, merchant: Merchant, head: str) -> bool:
        """Whether nothing of the merchant needs an older key any more; says what was done, or why it was not."""
        tenant = registry.tenant_by_schema(merchant.schema)
        if tenant is None:
            raise CommandError(f"{head}: gone since this began; start it again.", returncode=3)
        try:
            with tenant_context(tenant):
                if Connection._meta.db_table not in connection.introspection.table_names():
                    self.stdout.write(f"{head}: has no tables yet, so nothing is sealed")
                    return True
                for done in rotate_secrets():
                    self.stdout.write(f"{head}: {done.sealed} of {done.found} {done.what} sealed anew")
        except (CannotUnseal, DatabaseError) as error:
            self.stderr.write(f"{head}: {error}")
            return False
        return True

    def _platform(self) -> None:
        """Secrets of the platform's own endpoints; said only when there are any."""
        try:
            found, sealed = reseal_vendor_secrets()
        except CannotUnseal as error:
            raise CommandError(f"platform: {error}", returncode=3) from error
        if found:
            self.stdout.write(f"platform: {sealed} of {found} endpoints sealed anew")

    def _merchants(self, slugs: list[str]) -> list[Merchant]:
        found = merchants()
        unknown = sorted(set(slugs) - {each.slug for each in found})
        if unknown:
            raise CommandError(f"There is no merchant {unknown[0]}.", returncode=1)
        return [each for each in found if not slugs or each.slug in slugs]


def _name(merchant: Merchant) -> str:
    """The slug, and the state where it is one in which nothing else runs for the merchant."""
    state = "suspended" if merchant.suspended_at else merchant.state
    return f"{merchant.slug} ({state})" if state in ("suspended", "closed", "provisioning") else merchant.slug
