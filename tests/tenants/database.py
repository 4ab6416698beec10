"""Asking the database itself: on the test's own connection, or from outside as the owner."""

from collections.abc import Callable
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection

from fynlo.core.tenancy import platform_context
from tests import database


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement finds, asked on the test's connection."""
    with platform_context(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def run(*statements: str) -> None:
    """Run statements on the test's connection."""
    with platform_context(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fetch(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement finds, asked from outside as the owner: only what is committed."""
    own = _connect()
    try:
        with own.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        own.close()


def checksums(look: Callable[..., list[tuple[Any, ...]]] = ask) -> dict[str, str]:
    """A digest of every row of every table, by table; equal digests mean that nothing changed.

    `look` is `ask` (what the test's transaction sees) or `fetch` (what is committed).
    """
    tables = look(
        "SELECT schemaname::text, tablename::text FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    )
    parts = [
        f"SELECT '{schema}.{table}', md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) "
        f'FROM "{schema}"."{table}" t'
        for schema, table in tables
    ]
    return dict(look(" UNION ALL ".join(parts)))  # type: ignore[arg-type]


def _connect() -> Any:
    own = psycopg2.connect(database.with_name(database.owner_url(), settings.DATABASES["default"]["NAME"]))
    own.autocommit = True
    return own
