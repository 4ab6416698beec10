"""What the run-time role may do: everything a shop needs, and nothing that could alter history.

The owner role builds schemas; the run-time role gets rows only. History tables can be read and added to. There
is no TRUNCATE and no DDL anywhere. On the platform it can look merchants up and run the operators' admin.
"""

from collections.abc import Iterable
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db import connection

from fynlo.core.tenancy import EXTENSIONS_SCHEMA, PLATFORM_SCHEMA, platform_context

_EVERYTHING: Final = "SELECT, INSERT, UPDATE, DELETE"
_HISTORY: Final = "SELECT, INSERT"
_READ: Final = "SELECT"

# Rights on the platform's tables; tables that are not named here can only be touched by the owner.
_PLATFORM_RIGHTS: Final = {
    "tenants_tenant": "SELECT, UPDATE (state, plan, is_canary, suspended_at, suspended_reason)",
    "tenants_domain": _READ,
    "tenants_vendoraccount": "SELECT, INSERT, DELETE",
    "tenants_vendorsecret": _EVERYTHING,
    "tenants_configurationversion": _READ,
    "tenants_onboardingrun": _READ,
    "tenants_onboardingstep": _READ,
    "tenants_schematemplate": _READ,
    "tenants_operator": "SELECT, INSERT, UPDATE",
    "tenants_platformsession": _EVERYTHING,
    "tenants_platformaudit": _HISTORY,
    "django_migrations": _READ,
}


def grant_tenant(*, schema: str) -> None:
    """Give the run-time role its rights in a merchant's schema. Runs in the caller's transaction, as owner."""
    with platform_context():
        role = _role()
        if role is None:
            return
        tables = _tables(schema)
        history = history_tables() & tables
        plain = tables - history - {"django_migrations"}
        place = connection.ops.quote_name(schema)
        statements = [
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {place} FROM {role}",
            f"GRANT USAGE ON SCHEMA {place} TO {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {place} TO {role}",
            f"GRANT {_READ} ON {place}.django_migrations TO {role}",
            _grant(_EVERYTHING, place, plain, role),
            _grant(_HISTORY, place, history, role),
        ]
        _run(statements)


def grant_platform() -> None:
    """Give the run-time role its rights on the platform's tables. Runs as owner."""
    with platform_context():
        role = _role()
        if role is None:
            return
        present = _tables(PLATFORM_SCHEMA)
        statements = [
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {PLATFORM_SCHEMA} FROM {role}",
            f"GRANT USAGE ON SCHEMA {PLATFORM_SCHEMA}, {EXTENSIONS_SCHEMA} TO {role}",
        ]
        statements += [
            f"GRANT {rights} ON {PLATFORM_SCHEMA}.{connection.ops.quote_name(table)} TO {role}"
            for table, rights in _PLATFORM_RIGHTS.items()
            if table in present
        ]
        _run(statements)


def history_tables() -> set[str]:
    """Names of every table whose model declares itself history."""
    return {model._meta.db_table for model in apps.get_models() if getattr(model, "history", False) is True}


def _role() -> str | None:
    """The run-time role, quoted; None when one role does both and needs no grants."""
    role = settings.FYNLO_RUNTIME_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    return None if not role or role == owner else str(connection.ops.quote_name(role))


def _tables(schema: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p')",
            [connection.ops.quote_name(schema)],
        )
        return {name for (name,) in cursor.fetchall()}


def _grant(rights: str, place: str, tables: Iterable[str], role: str) -> str:
    names = ", ".join(f"{place}.{connection.ops.quote_name(table)}" for table in sorted(tables))
    return f"GRANT {rights} ON {names} TO {role}" if names else ""


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            if statement:
                cursor.execute(statement)
