"""What a merchant consists of, without what differs from run to run: keys, times, salted secrets.

A row that refers to another one is told with that row's content in place of its key, so that two runs are
compared with all their relations.
"""

import json
import re
from typing import Any, Final

import psycopg2

from tests import database

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")
_LEFT_OUT: Final = frozenset({"id", "password", "pin_hash", "milliseconds", "counts", "digest"})
"""`digest` covers keys; what it is made of is compared itself."""
_DEPTH: Final = 3
PLATFORM: Final = (
    "tenants_tenant",
    "tenants_domain",
    "tenants_configurationversion",
    "tenants_onboardingrun",
    "tenants_onboardingstep",
    "tenants_platformaudit",
)

Rows = dict[str, list[dict[str, Any]]]


def content(name: str, schema: str) -> dict[str, list[str]]:
    """The canonical rows of a merchant's schema and of the platform's tables in database `name`, sorted."""
    own = psycopg2.connect(database.with_name(database.owner_url(), name))
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
            tables = [f"{schema}.{table}" for (table,) in cursor.fetchall()]
            rows: Rows = {}
            for table in [*tables, *(f"public.{table}" for table in PLATFORM)]:
                cursor.execute(f"SELECT to_jsonb(t) FROM {table} t")
                rows[table] = [row for (row,) in cursor.fetchall()]
    finally:
        own.close()
    by_key = {row["id"]: row for found in rows.values() for row in found if _is_key(row.get("id"))}
    return {
        table: sorted(json.dumps(_plain(row, by_key, _DEPTH), sort_keys=True) for row in found)
        for table, found in rows.items()
    }


def _plain(row: dict[str, Any], by_key: dict[str, Any], depth: int) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name not in _LEFT_OUT}
    return {name: _value(value, by_key, depth) for name, value in told.items()}


def _value(value: Any, by_key: dict[str, Any], depth: int) -> Any:
    if isinstance(value, dict):
        return _plain(value, by_key, depth)
    if isinstance(value, list):
        return [_value(item, by_key, depth) for item in value]
    if not isinstance(value, str):
        return value
    if _is_key(value):
        return _plain(by_key[value], by_key, depth - 1) if value in by_key and depth else "a key"
    return "a time" if _TIME.fullmatch(value) else value


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None
