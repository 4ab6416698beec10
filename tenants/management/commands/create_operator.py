"""`manage.py create_operator anna@example.com`: let somebody into the platform's admin."""

import getpass
import os
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from tenants.operators import create_operator

PASSWORD_VARIABLE: Final = "FYNLO_OPERATOR_PASSWORD"  # noqa: S105  the name of a variable, no secret


class Command(BaseCommand):
    """Asks for the password, or takes it from the environment; never from the command line, which others can see."""

    help = f"Make an operator of the platform. The password is asked for, or read from {PASSWORD_VARIABLE}."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who."""
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("--name", default="", help="how the audit names them; the address if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Call the service once."""
        try:
            operator = create_operator(
                email=options["email"],
                name=options["name"],
                password=self._password(),
                actor=Actor(kind="operator", id=None, name="command line"),
                at=now(),
            )
        except DomainError as error:
            sentences = [problem.detail for problem in error.errors] or [error.detail]
            raise CommandError("\n".join(sentences), returncode=1) from error
        self.stdout.write(f"{operator.email} can sign in to the platform's admin.")

    def _password(self) -> str:
        given = os.environ.get(PASSWORD_VARIABLE, "")
        if given:
            return given
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("The same again: "):
            raise CommandError("The two passwords differ.", returncode=1)
        return password
