"""`manage.py document_states`: writes docs/algorithms/order-states.md from the tables that the code walks."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pos.orders.state_tables import states_page

PAGE: Final = Path("docs/algorithms/order-states.md")


class Command(BaseCommand):
    """Exit code 0: the page is written, or (`--check`) it says what the tables say; 1: it does not."""

    requires_system_checks: list[str] = []
    help = "Write the page about the states of orders from the code's own tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the page is only looked at."""
        parser.add_argument("--check", action="store_true", help="compare, and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the page, or compare it."""
        page = Path(settings.BASE_DIR) / PAGE
        if not options["check"]:
            page.write_text(states_page(), encoding="utf-8")
            self.stdout.write(f"{PAGE} is written.")
        elif not page.is_file() or page.read_text(encoding="utf-8") != states_page():
            raise CommandError(f"{PAGE} is not what the tables say: run manage.py document_states.")
