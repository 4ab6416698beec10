"""`manage.py stripe_webhook_endpoint --platform | <slug> [--connection ID]`: have Stripe call us.

Makes or corrects the webhook endpoint: exactly the kinds of events that are understood, in the API version of the
installed library. For the platform it hears of every connected account; for a merchant, of their accounts with keys
of their own. Its signing secret is sealed where the doors look for it and never printed. After an upgrade of the
library, and to replace the secret (`--roll`), a new endpoint is made beside the old one; run it again after three
days, or with `--retire`, and the old one goes.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import platform_context, registry, tenant_context
from payments.gateways.models import Connection
from payments.gateways.stripe.services import CODE
from payments.gateways.stripe.subscribing import (
    Kept,
    MerchantPlace,
    NoKeyOfTheirOwn,
    PlatformPlace,
    keep_endpoint,
)
from tenants.queries import merchants


class Command(BaseCommand):
    """Prints names of endpoints and where secrets are kept, never a secret. Run again it changes nothing."""

    requires_system_checks: list[str] = []
    help = "Make or correct the webhook endpoint at Stripe, for the platform or for a merchant with a key."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose endpoint, where it leads, and whether its secret is replaced."""
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument(
            "--platform", action="store_true", help="the one endpoint for all connected accounts"
        )
        whose.add_argument("slug", nargs="?", help="a merchant with a key of their own")
        parser.add_argument(
            "--connection", type=UUID, help="one payment account; all with a key unless given"
        )
        parser.add_argument(
            "--url", default="", help="another address than https://<host>/payments/webhooks/stripe"
        )
        parser.add_argument(
            "--roll", action="store_true", help="a new endpoint with a new secret beside the old"
        )
        parser.add_argument(
            "--retire", action="store_true", help="remove old endpoints and their secrets now"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit code 1 when there is no such merchant or account, or Stripe says no."""
        try:
            if options["platform"]:
                with platform_context():
                    self._keep(PlatformPlace(), settings.FYNLO_PLATFORM_HOSTS[0], options)
            else:
                self._for_merchant(options)
        except DomainError as error:
            raise CommandError(f"{error.title}: {error.detail}", returncode=1) from error

    def _for_merchant(self, options: dict[str, Any]) -> None:
        known = registry.live_tenants(for_guests=True)
        tenant = next((each for each in known if each.slug == options["slug"]), None)
        if tenant is None:
            raise CommandError(f"There is no merchant {options['slug']}.", returncode=1)
        (merchant,) = merchants(slug=tenant.slug)
        with tenant_context(tenant):
            places = list(self._places(options["connection"]))
            if not places:
                raise CommandError("No payment account at Stripe with a key of its own.", returncode=1)
            for place in places:
                self._keep(place, merchant.domains[0], options)

    def _places(self, wanted: UUID | None) -> Iterator[MerchantPlace]:
        rows = Connection.objects.filter(gateway=CODE).order_by("id")
        for row in rows if wanted is None else rows.filter(pk=wanted):
            try:
                yield MerchantPlace(connection=row)
            except NoKeyOfTheirOwn:
                if wanted is not None:
                    raise

    def _keep(self, place: MerchantPlace | PlatformPlace, host: str, options: dict[str, Any]) -> None:
        kept = keep_endpoint(
            place=place,
            url=options["url"] or f"https://{host}{reverse('payment-webhook', args=(CODE,))}",
            actor=SYSTEM,
            at=clock.now(),
            roll=options["roll"],
            retire=options["retire"],
        )
        for line in _told(kept):
            self.stdout.write(line)


def _told(kept: Kept) -> Iterator[str]:
    found = kept.endpoint
    yield f"{found.id} {kept.did}: {found.url}, {len(found.kinds)} kinds of events, {found.version}"
    yield f"its signing secret is in {kept.kept_in}"
    for each in kept.removed:
        yield f"{each} removed, and its secret forgotten"
    for each in kept.still_heard:
        yield f"{each} is still heard; run this again in three days, or with --retire, to remove it"
    for each in kept.others:
        yield f"{each} is not ours and leads to the same address; what it tells comes twice and is kept once"
