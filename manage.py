#!/usr/bin/env python
"""Fynlo's command line: `python manage.py help` lists the commands."""

import os
import sys
from typing import Final

from django.core.management import execute_from_command_line

from fynlo.embedded.command_line import prepared

# These change tables or onboard merchants and therefore connect as the owner; all others have the run-time role.
OWNER_COMMANDS: Final = frozenset(
    {"import_catalog", "migrate", "migrate_schemas", "onboard", "operators", "prepare", "sqlflush", "tenants"}
)


def main() -> None:
    """Run one command, with embedded servers where the environment names none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")
    with prepared(sys.argv, owner_commands=OWNER_COMMANDS):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
