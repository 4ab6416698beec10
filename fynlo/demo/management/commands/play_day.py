"""`manage.py play_day cafe`: the day of the demo, at the merchant it was written for."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fynlo.core import clock
from fynlo.core.tenancy import platform_context, tenant_context
from fynlo.demo.day import play_day
from fynlo.env import Env
from tenants.models import Tenant


class Command(BaseCommand):
    """Plays a day once; a merchant who has sold anything, or opened a drawer, is left alone."""

    help = "Play the demo's day at an example merchant: orders, a refund, a closed drawer and an open one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The merchant."""
        parser.add_argument("slug", help="the merchant: cafe, as docs/examples describe it")
        parser.add_argument(
            "--pairing-code", metavar="REGISTER", help="afterwards print what `pairing_code --json` prints"
        )

    def handle(self, *_args: Any, slug: str, pairing_code: str | None, **_options: Any) -> None:
        """Play, or say why not. The code comes from the same process because a process takes two seconds."""
        if Env().environment() == "production":
            raise CommandError("The day is made up; it is not played in production.")
        with platform_context():
            tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            raise CommandError(f'There is no merchant "{slug}".')
        with tenant_context(tenant):
            is_played = play_day(at=clock.now())
        self.stdout.write("Played." if is_played else f"{tenant.name} has traded already; nothing was done.")
        if pairing_code:
            call_command("pairing_code", slug, register=pairing_code, as_json=True, stdout=self.stdout)
