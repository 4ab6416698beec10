"""`manage.py operators add anna@example.com`: who may enter the platform's admin."""

import getpass
import os
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from tenants.operators import admit_operator, create_operator, operators, set_operator_password

PASSWORD_VARIABLE: Final = "FYNLO_OPERATOR_PASSWORD"  # noqa: S105  the name of a variable, no secret


class Command(BaseCommand):
    """Runs as the owner role. Passwords are asked for or taken from the environment, never from arguments."""

    help = (
        f"List, add, admit and keep out operators. Passwords are asked for, or read from {PASSWORD_VARIABLE}."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One verb and its argument."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="everybody, by address")
        add = verbs.add_parser("add", help="let somebody new in")
        add.add_argument("--name", default="", help="how the audit names them; the address if not given")
        admit = verbs.add_parser("admit", help="let somebody in again")
        keep_out = verbs.add_parser("keep_out", help="keep somebody out, at once")
        password = verbs.add_parser("password", help="set a new password")
        for verb in (add, admit, keep_out, password):
            verb.add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Call the service once and say what it did."""
        if options["verb"] == "list":
            for operator in operators():
                state = "" if operator.is_active else "  (kept out)"
                self.stdout.write(f"{operator.email}  {operator.name}{state}")
            return
        who: dict[str, Any] = {
            "email": options["email"],
            "actor": Actor(kind="operator", id=None, name="command line"),
            "at": now(),
        }
        try:
            self.stdout.write(self._done(options, who))
        except DomainError as error:
            sentences = [problem.detail for problem in error.errors] or [error.detail]
            raise CommandError("\n".join(sentences), returncode=1) from error

    def _done(self, options: dict[str, Any], who: dict[str, Any]) -> str:
        email = options["email"]
        if options["verb"] == "add":
            create_operator(name=options["name"], password=_password(), **who)
            return f"{email} can sign in to the platform's admin."
        if options["verb"] == "password":
            set_operator_password(password=_password(), **who)
            return f"{email} has a new password."
        is_active = options["verb"] == "admit"
        admit_operator(is_active=is_active, **who)
        return f"{email} is {'let in' if is_active else 'kept out'}."


def _password() -> str:
    given = os.environ.get(PASSWORD_VARIABLE, "")
    if given:
        return given
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("The same again: "):
        raise CommandError("The two passwords differ.", returncode=1)
    return password
