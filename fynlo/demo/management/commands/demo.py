"""`manage.py demo`: everything on this machine, for a look around or for a check."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fynlo.demo.__main__ import ABOUT, add_arguments, run


class Command(BaseCommand):
    """Start Fynlo with four example merchants; Ctrl-C stops everything and keeps the data."""

    help = ABOUT
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        add_arguments(parser)

    def handle(self, *_args: Any, port: int, fresh: bool, check: bool, **_options: Any) -> None:
        """Run the demo; the exit code says how it ended."""
        code = run(port=port, fresh=fresh, check=check)
        if code:
            raise SystemExit(code)
