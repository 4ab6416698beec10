"""`manage.py document_states`: writes the pages about states from the tables that the code walks."""

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments.gateways.state_tables import payment_states_page
from pos.orders.state_tables import states_page

PAGE: Final = Path("docs/algorithms/order-states.md")
PAGES: Final[MappingProxyType[Path, Callable[[], str]]] = MappingProxyType(
    {PAGE: states_page, Path("docs/algorithms/payment-states.md"): payment_states_page}
)


class Command(BaseCommand):
    """Exit code 0: the pages are written, or (`--check`) they say what the tables say; 1: one does not."""

    requires_system_checks: list[str] = []
    help = "Write the pages about states of orders and payments from the code's own tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the pages are only looked at."""
        parser.add_argument("--check", action="store_true", help="compare, and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the pages, or compare them."""
        for place, written in PAGES.items():
            page = Path(settings.BASE_DIR) / place
            if not options["check"]:
                page.write_text(written(), encoding="utf-8")
                self.stdout.write(f"{place} is written.")
            elif not page.is_file() or page.read_text(encoding="utf-8") != written():
                raise CommandError(f"{place} is not what the tables say: run manage.py document_states.")
