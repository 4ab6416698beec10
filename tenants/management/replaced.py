"""Commands of the tenancy library that Fynlo replaces: they would go around onboarding, audit or the guard."""

import sys
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

WRONG_USAGE = 2


class ReplacedCommand(BaseCommand):
    """Says what to use instead and exits with 2, whatever it is given; touches nothing."""

    requires_system_checks: list[str] = []
    instead: ClassVar[str]

    @property
    def help(self) -> str:  # type: ignore[override]
        """Shown by `manage.py help`."""
        return f"This command is not available in Fynlo; use {self.instead}."

    def run_from_argv(self, argv: list[str]) -> None:
        """Refuse before the arguments are looked at: they are the library's."""
        del argv
        self.stderr.write(self.help)
        sys.exit(WRONG_USAGE)

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse when called from Python."""
        raise CommandError(self.help, returncode=WRONG_USAGE)
