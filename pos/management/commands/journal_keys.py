"""`manage.py journal_keys cafe`: a merchant's public keys; a new one; secrets sealed anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core import clock
from fynlo.core.sealing import CannotUnseal
from fynlo.core.tenancy import registry, tenant_context
from pos.registers.journal.services.keys import public_keys, replace_signing_key, reseal_keys
from pos.registers.journal.services.technical import note_key_replaced
from tenants.models import schema_for


class Command(BaseCommand):
    """Prints nothing secret: there is no way to read a private key."""

    requires_system_checks: list[str] = []
    help = "Show the public keys that sign a merchant's journals; replace the key; seal secrets anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """The merchant, and what to do."""
        parser.add_argument("slug", help="the merchant's slug")
        doing = parser.add_mutually_exclusive_group()
        doing.add_argument("--replace", action="store_true", help="make a new key; the old one hands over")
        doing.add_argument(
            "--reseal",
            action="store_true",
            help="seal every secret with the first of FYNLO_SEALING_KEYS, so that later ones can be taken away",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, then list the keys, the newest first."""
        tenant = registry.tenant_by_schema(schema_for(options["slug"]))
        if tenant is None:
            raise CommandError(f"There is no merchant {options['slug']}.", returncode=1)
        with tenant_context(tenant):
            try:
                self._carry_out(options)
            except CannotUnseal as error:
                raise CommandError(f"{error}.", returncode=3) from error
            for each in public_keys().keys:
                until = f" until {each['until']}" if "until" in each else ""
                self.stdout.write(f"{each['public_key']} since {each['since']}{until}")

    def _carry_out(self, options: dict[str, Any]) -> None:
        at = clock.now()
        if options["replace"]:
            new, old, *_ = replace_signing_key(at=at).keys
            note_key_replaced(former=old["public_key"], following=new["public_key"], at=at)
        elif options["reseal"]:
            self.stdout.write(f"{reseal_keys()} secrets sealed anew.")
