#!/usr/bin/env python
"""Fynlo's command line: `python manage.py help` lists the commands."""

import os
import sys
from typing import Final, NoReturn

from django.core.management import execute_from_command_line
from django.db.utils import InterfaceError, OperationalError

from fynlo.embedded.command_line import EXIT_NO_SERVERS, prepared
from fynlo.env import EnvironmentValueError

# These change tables or onboard merchants and therefore connect as the owner; all others have the run-time role.
OWNER_COMMANDS: Final = frozenset(
    {"import_catalog", "migrate", "migrate_schemas", "onboard", "operators", "prepare", "sqlflush", "tenants"}
)


def main() -> None:
    """Run one command, with embedded servers where the environment names none.

    A variable that cannot be read (exit code 78) and a database that cannot be used (4) are said in a
    sentence; `--traceback` shows where it happened.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")
    try:
        with prepared(sys.argv, owner_commands=OWNER_COMMANDS):
            execute_from_command_line(sys.argv)
    except EnvironmentValueError as problem:
        _end(f"{problem}.", os.EX_CONFIG)
    except (OperationalError, InterfaceError) as problem:
        from fynlo.core.database import is_outage

        if not is_outage(problem):
            raise
        _end(f"The database cannot be used: {str(problem).splitlines()[0]}.", EXIT_NO_SERVERS)


def _end(sentence: str, code: int) -> NoReturn:
    if "--traceback" in sys.argv:
        raise  # noqa: PLE0704  the error that is being handled
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(code)


if __name__ == "__main__":
    main()
