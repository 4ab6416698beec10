"""`manage.py demo`: everything on this machine, for a look around or for a check."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fynlo.demo.programs import HIGHEST_PORT
from fynlo.demo.session import DEFAULT_PORT, Wishes, run_demo


class Command(BaseCommand):
    """Start Fynlo with three example merchants; Ctrl-C stops everything and keeps the data."""

    help = (
        "Start Fynlo with three example merchants on this machine. Exit codes: 0 good, 1 check failed, "
        "3 port taken or already running, 4 no servers, 5 a step failed, 6 a process died, 7 production."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port of the pages (default 8000)")
        parser.add_argument("--fresh", action="store_true", help="delete the data of earlier demos first")
        parser.add_argument(
            "--check",
            action="store_true",
            help="sell through the HTTP API and a websocket on a free port, print what was seen, stop, exit 0 or 1",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the demo; the exit code says how it ended."""
        if not 1 <= options["port"] <= HIGHEST_PORT:
            raise CommandError(f"--port {options['port']}: allowed is 1 to {HIGHEST_PORT}", returncode=2)
        wishes = Wishes(
            root=settings.BASE_DIR,
            port=options["port"],
            is_fresh=options["fresh"],
            is_check=options["check"],
            say=self._say,
        )
        code = run_demo(wishes)
        if code:
            raise SystemExit(code)

    def _say(self, text: str) -> None:
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except OSError:
            pass  # the terminal is gone; stopping goes on
