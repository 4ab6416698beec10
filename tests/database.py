"""The test database: migrated once into a template, copied for every session, worker and transactional test.

The template's name is a hash over everything its tables are made of (migrations, triggers, grants, the backend,
the locked libraries) and what builds it, so it is rebuilt exactly when one of them changes. Runs at the same
time share it and never each other's copies.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
LOCK_KEY = 0x46594E4C  # "FYNL": one builder at a time
PREFIX = "fynlo_test"
_TRIES = 50


def owner_url() -> str:
    """The owner's URL of the server the tests run on."""
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def with_name(url: str, name: str) -> str:
    """`url` pointing at another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path="/" + quote(name)))


@contextmanager
def server_cursor() -> Iterator[Any]:
    """A cursor of the owner outside of any test database, in autocommit."""
    connection = psycopg2.connect(owner_url())
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def fingerprint() -> str:
    """Hash of everything the template's content depends on."""
    sources = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("fynlo/*/migrations/*.py"),
        *ROOT.glob("tenants/schemas/*.py"),
        *ROOT.glob("fynlo/core/postgres/*.py"),
        ROOT / "fynlo" / "core" / "history.py",
        ROOT / "requirements.txt",
        Path(__file__),
        Path(__file__).with_name("build_template.py"),
    ]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def template() -> str:
    """The name of a migrated template database, built when it is missing."""
    name = f"{PREFIX}_template_{fingerprint()}"
    with server_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        try:
            cursor.execute("SELECT datistemplate FROM pg_database WHERE datname = %s", [name])
            row = cursor.fetchone()
            if row is not None and row[0]:
                return name
            if row is not None:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
            _build(name)
            cursor.execute(f'ALTER DATABASE "{name}" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false')
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])
    return name


def _build(name: str) -> None:
    environment = {
        **os.environ,
        "FYNLO_ENV": "test",
        "FYNLO_DATABASE_ROLE": "owner",
        "DATABASE_OWNER_URL": with_name(owner_url(), name),
        "DATABASE_URL": with_name(os.environ["DATABASE_URL"], name),
    }
    finished = subprocess.run(
        [sys.executable, "-m", "tests.build_template"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(f"the test database could not be built:\n{finished.stdout}\n{finished.stderr}")


def copy_name() -> str:
    """The name of this session's (or worker's) own copy."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"{PREFIX}_{os.getpid()}_{worker}"


def redis_url(url: str) -> str:
    """The Redis database of this worker: tries are counted by merchant there, and every worker has a café."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    return with_name(url, str(int(worker) + 1)) if worker.isdigit() else url


def _hang_up(name: str) -> None:
    """End the run-time role's own connections to `name`: the owner may not end those of another role."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
                [name],
            )
    finally:
        connection.close()


def _remove(name: str) -> None:
    """Drop `name`. A session on its way out is no longer listed and still in the way, hence the tries."""
    for attempt in range(1, _TRIES + 1):
        _hang_up(name)
        with server_cursor() as cursor:
            try:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            except psycopg2.errors.InsufficientPrivilege:
                if attempt == _TRIES:
                    raise
            else:
                return


def recreate(name: str, *, source: str) -> None:
    """Make `name` a fresh copy of `source`, whoever is connected to the old one."""
    _remove(name)
    with server_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def drop(name: str) -> None:
    """Remove a copy."""
    _remove(name)
