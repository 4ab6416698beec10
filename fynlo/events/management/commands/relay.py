"""`manage.py relay`: the process that hands the feed to its readers."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from prometheus_client import start_http_server

from fynlo.checks import refuse_unsafe_start
from fynlo.core.tenancy import registry, run_in_tenant
from fynlo.events.delivery import deliver
from fynlo.events.ear import Ear
from fynlo.events.relay import Relay
from fynlo.events.subscriptions import subscriptions


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C, or hands out what there is and ends (`--once`)."""

    help = "Hand every merchant's feed to its readers (realtime and others)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--once", action="store_true", help="hand out what there is now, then end")
        parser.add_argument("--metrics-port", type=int, default=0, help="serve Prometheus metrics here")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start, unless it would be unsafe (exit code 78)."""
        refuse_unsafe_start()
        if options["once"]:
            self._once()
            return
        relay = Relay(
            subscriptions=subscriptions(), sweep_seconds=settings.FYNLO_RELAY_SWEEP_SECONDS, ear=Ear()
        )

        def stop(_signal: int, _frame: FrameType | None) -> None:
            relay.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if options["metrics_port"]:
            start_http_server(options["metrics_port"], addr="127.0.0.1")
        self.stdout.write(f"relay: {', '.join(each.name for each in subscriptions())}", ending="\n")
        self.stdout.flush()
        relay.run()
        self.stdout.write("relay: stopped")

    def _once(self) -> None:
        failed = []
        for tenant in registry.live_tenants():
            for subscription in subscriptions():
                try:
                    while run_in_tenant(tenant, deliver, subscription=subscription).again:
                        pass
                except Exception as error:  # noqa: BLE001  the other readers and tenants still get theirs
                    failed.append(f"{tenant.schema_name} {subscription.name}: {error}")
        if failed:
            raise CommandError("readers failed:\n" + "\n".join(failed))
