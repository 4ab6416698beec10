"""Looking at a schema: does everything in it belong to it, is history guarded, is it what the template is?

Findings are sentences; no finding means the schema is sound. The catalogue is read, never a table of a
merchant, and nothing is changed.
"""

import re
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db import connection

from fynlo.core.tenancy import PLATFORM_SCHEMA, platform_context
from tenants.schemas import catalogue
from tenants.schemas.grants import history_tables
from tenants.schemas.places import TEMPLATE_SCHEMA

# What a connection remembers of each: docs/decisions/0011-room-for-tables.md
MAX_TABLES: Final = 130
MAX_INDEXES: Final = 320
_SHOWN_DIFFERENCES: Final = 10
_CASTS: Final = re.compile(r"::(character varying|text)(\(\d+\))?(\[\])?")


def check_schema(*, schema: str) -> list[str]:
    """Everything that is wrong with a merchant's schema, as sentences. Empty when it is sound."""
    with platform_context():
        if catalogue.namespace(schema) is None:
            return [f"schema {schema} does not exist"]
        return [
            *foreign_references(schema=schema),
            *_sentences(catalogue.WRONG_KEYS, schema),
            *_too_many(schema),
            *_missing_tables(schema),
            *_unguarded_history(schema),
            *_rights_on_history(schema),
            *_differences(schema),
        ]


def foreign_references(*, schema: str) -> list[str]:
    """What in this schema reaches into another one: keys, defaults, sequences, triggers, functions, types."""
    with platform_context():
        return _sentences(" UNION ALL ".join(catalogue.REACHING_OUT), schema)


def check_platform() -> list[str]:
    """Merchants' tables that exist in `public`, where they would answer for a missing one (P8)."""
    with platform_context():
        astray = sorted(_tenant_tables() & (_tables(PLATFORM_SCHEMA) - {"django_migrations"}))
    return [f"table {table} of a merchants' app exists in {PLATFORM_SCHEMA}" for table in astray]


def _tenant_tables() -> set[str]:
    configs = [config for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]
    models = [model for config in configs for model in config.get_models(include_auto_created=True)]
    return {model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy}


def _missing_tables(schema: str) -> list[str]:
    return [f"table {table} is missing" for table in sorted(_tenant_tables() - _tables(schema))]


def _too_many(schema: str) -> list[str]:
    counted = "SELECT count(*) FROM pg_class WHERE relnamespace = %(schema)s AND relkind = ANY(%(kinds)s)"
    limits = {"tables": (["r", "p"], MAX_TABLES), "indexes": (["i", "I"], MAX_INDEXES)}
    counts = {name: catalogue.rows(counted, schema, kinds=kinds)[0][0] for name, (kinds, _) in limits.items()}
    return [
        f"{count} {name}, more than {limits[name][1]}"
        for name, count in counts.items()
        if count > limits[name][1]
    ]


def _unguarded_history(schema: str) -> list[str]:
    unguarded = {table for (table,) in catalogue.rows(catalogue.UNGUARDED, schema)}
    return [f"history table {table} lacks its triggers" for table in sorted(unguarded & history_tables())]


def _rights_on_history(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", [settings.FYNLO_RUNTIME_ROLE])
        known = cursor.fetchone()
        cursor.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = %s", [schema])
        owner = cursor.fetchone()[0]
    if known is None or owner == settings.FYNLO_RUNTIME_ROLE:
        return []
    found = catalogue.rows(
        "SELECT relname, right_ FROM pg_class, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS right_ "
        "WHERE relnamespace = %(schema)s AND relname = ANY(%(tables)s) AND relkind IN ('r', 'p') "
        "AND has_table_privilege(%(role)s, pg_class.oid, right_)",
        schema,
        tables=sorted(history_tables()),
        role=settings.FYNLO_RUNTIME_ROLE,
    )
    return [f"the run-time role has {right} on history table {table}" for table, right in found]


def _differences(schema: str) -> list[str]:
    """How the schema differs from the template, by the database's own descriptions of both."""
    if catalogue.namespace(TEMPLATE_SCHEMA) is None:
        return []
    wanted, here = _shape(TEMPLATE_SCHEMA), _shape(schema)
    found = [f"missing: {line}" for line in sorted(wanted - here)]
    found += [f"not in the template: {line}" for line in sorted(here - wanted)]
    more = len(found) - _SHOWN_DIFFERENCES
    return found[:_SHOWN_DIFFERENCES] + ([f"and {more} more differences"] if more > 0 else [])


def _shape(schema: str) -> set[str]:
    return {_plain(line.replace(schema, "*")) for (line,) in catalogue.rows(catalogue.SHAPE, schema)}


def _plain(description: str) -> str:
    """A description without casts, parentheses and line breaks: PostgreSQL writes them anew at every reading."""
    return " ".join(_CASTS.sub("", description).replace("(", "").replace(")", "").split())


def _tables(schema: str) -> set[str]:
    rows = catalogue.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = %(schema)s AND relkind IN ('r', 'p')", schema
    )
    return {table for (table,) in rows}


def _sentences(statement: str, schema: str) -> list[str]:
    return sorted(sentence for (sentence,) in catalogue.rows(statement, schema))
