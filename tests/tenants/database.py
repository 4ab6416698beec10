"""Asking the database itself: on the test's own connection, or from outside as the owner."""

import hashlib
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


def checksums() -> dict[str, str]:
    """A digest of every row of every table, by table; equal digests mean that nothing changed."""
    tables = fetch(
        "SELECT schemaname::text, tablename::text FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    )
    own, found = _connect(), {}
    try:
        with own.cursor() as cursor:
            for schema, table in tables:
                cursor.execute(f'SELECT t::text FROM "{schema}"."{table}" t ORDER BY 1')
                digest = hashlib.sha256("\n".join(row for (row,) in cursor.fetchall()).encode())
                found[f"{schema}.{table}"] = digest.hexdigest()
    finally:
        own.close()
    return found


def _connect() -> Any:
    own = psycopg2.connect(database.with_name(database.owner_url(), settings.DATABASES["default"]["NAME"]))
    own.autocommit = True
    return own
