"""Dumping the template schema with `pg_dump`, wherever one is to be found."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.db import connection
from psycopg2.extensions import make_dsn

from fynlo.core.tenancy import platform_context
from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.providers import postgres_programs
from tenants.schemas.places import TEMPLATE_SCHEMA
from tenants.schemas.statements import replayable

_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_FLAGS: Final = (
    "--inserts",
    "--rows-per-insert=500",
    "--no-owner",
    "--no-privileges",
    "--no-comments",
    "--no-tablespaces",
    "--no-security-labels",
    "--no-publications",
    "--no-subscriptions",
    "--no-password",
)


class DumpFailed(RuntimeError):
    """`pg_dump` was there but could not dump the template."""


def find_pg_dump(*, server_major: int) -> Path | None:
    """A `pg_dump` that understands the server: FYNLO_PG_BIN, the wheels, then the system. None if there is none."""
    for candidate in _candidates():
        if candidate.is_file() and (_major(candidate) or 0) >= server_major:
            return candidate
    return None


def dump_template() -> str | None:
    """The statements that build the template schema; None where no fitting `pg_dump` exists.

    The template must be committed: `pg_dump` connects for itself. Raises `DumpFailed`.
    """
    with platform_context():
        program = find_pg_dump(server_major=_server_major())
    if program is None:
        return None
    command = [os.fspath(program), *_FLAGS, f"--schema={TEMPLATE_SCHEMA}", f"--dbname={_address()}"]
    environment = {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"])}
    finished = subprocess.run(  # noqa: S603  a program found by us, arguments from settings
        command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if finished.returncode:
        raise DumpFailed(f"{program} failed: {finished.stderr.strip()}")
    return replayable(finished.stdout)


def _server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def _candidates() -> Iterator[Path]:
    explicit = os.environ.get("FYNLO_PG_BIN", "").strip()
    if explicit:
        yield Path(explicit) / "pg_dump"
    try:
        for program in postgres_programs(os.environ):
            yield program.executable.with_name("pg_dump")
    except EmbeddedError:
        pass  # FYNLO_PG_BIN names a folder of client programs only, which is all that is needed here
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path)


def _major(program: Path) -> int | None:
    try:
        answer = subprocess.run(  # noqa: S603
            [os.fspath(program), "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    match = _VERSION.search(answer.stdout)
    return int(match[1]) if match else None


def _address() -> str:
    """The connection's address without its password, which travels in the environment."""
    parameters = connection.get_connection_params()
    left_out = {"password", "cursor_factory", "isolation_level", "options", "client_encoding"}
    return str(make_dsn(**{key: value for key, value in parameters.items() if key not in left_out}))
