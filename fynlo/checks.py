"""What must hold before Fynlo serves anybody, as system checks with stable ids.

| id | what it refuses |
| --- | --- |
| fynlo.E001 | DEBUG in production |
| fynlo.E002 | a default or missing secret in production |
| fynlo.E003 | a wildcard or empty host list in production |
| fynlo.E004 | a run-time database role that is a superuser or owns the database or schemas, in production |
| fynlo.E005 | a database that acknowledges before it has written (outside tests) |
| fynlo.E006 | a connection pooler that moves sessions between servers (transaction pooling) |
| fynlo.E007 | one table in both the platform's and the merchants' apps |
| fynlo.E008 | a merchant's model without the tenancy guard, or with a key that is no UUID |
| fynlo.E009 | a metrics page without a token in production |
| fynlo.E010 | places where processes shall die (`FYNLO_FAILPOINTS`), in production |
"""

import os
import sys
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.db import connection, models
from django.db.utils import OperationalError

from fynlo.core.models import TenantModel
from fynlo.core.tenancy import platform_context

FRAMEWORK_APPS = frozenset({"contenttypes", "auth", "sessions", "admin"})
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@register(Tags.security)
def production_settings(**_: Any) -> Iterable[CheckMessage]:
    """E001, E002, E003, E009, E010: settings that must never reach production."""
    if not settings.PRODUCTION:
        return
    if settings.DEBUG:
        yield Error("DEBUG is on in production.", hint="Unset FYNLO_DEBUG.", id="fynlo.E001")
    for name in ("SECRET_KEY", "FYNLO_PIN_PEPPER"):
        if getattr(settings, name) == settings.INSECURE_SECRET:
            variable = name if name.startswith("FYNLO_") else f"FYNLO_{name}"
            yield Error(f"{variable} is not set.", hint="Give it 50 random characters.", id="fynlo.E002")
    if settings.INSECURE_SECRET in settings.SECRET_KEY_FALLBACKS:
        yield Error(
            "FYNLO_SECRET_KEY_FALLBACKS has the insecure secret.", hint="Take it away.", id="fynlo.E002"
        )
    if settings.INSECURE_SECRET in settings.FYNLO_SEALING_KEYS:
        yield Error("FYNLO_SEALING_KEYS is not set.", hint="Give it 50 random characters.", id="fynlo.E002")
    if not settings.ALLOWED_HOSTS or any(host in {"*", "."} for host in settings.ALLOWED_HOSTS):
        yield Error(
            "FYNLO_ALLOWED_HOSTS has a wildcard.", hint="Name the platform's domain.", id="fynlo.E003"
        )
    if not settings.FYNLO_METRICS_TOKEN:
        yield Error(
            "FYNLO_METRICS_TOKEN is not set.",
            hint="/metrics must not be open to everybody.",
            id="fynlo.E009",
        )
    if settings.FYNLO_FAILPOINTS:
        yield Error(
            "FYNLO_FAILPOINTS is set.", hint="It lets processes die on purpose; unset it.", id="fynlo.E010"
        )


@register(Tags.models)
def tables_have_one_home(**_: Any) -> Iterable[CheckMessage]:
    """E007: a table of the same name in `public` would answer for a missing tenant table (traps 1 and 2)."""
    shared, tenant = (
        _tables(settings.SHARED_APPS),
        _tables(settings.TENANT_APPS),
    )
    for table in sorted(shared & tenant):
        yield Error(f"Table {table} belongs to the platform and to merchants.", id="fynlo.E007")


@register(Tags.models)
def tenant_models_are_guarded(**_: Any) -> Iterable[CheckMessage]:
    """E008: every model of Fynlo's tenant apps is a `TenantModel` with a UUID key, or says in `own_key` why not."""
    for model in _models(settings.TENANT_APPS):
        if model._meta.app_label in FRAMEWORK_APPS or model._meta.auto_created:
            continue
        has_own_key = bool(getattr(model, "own_key", ""))
        keyed = has_own_key or isinstance(model._meta.pk, models.UUIDField)
        if not (issubclass(model, TenantModel) and keyed):
            yield Error(
                f"{model._meta.label} is not a TenantModel with a UUID key.", obj=model, id="fynlo.E008"
            )


@register(Tags.database)
def database_is_safe(databases: Sequence[str] | None = None, **_: Any) -> Iterable[CheckMessage]:
    """E004, E005, E006: the role, the durability and the pooling of the database in use."""
    if not databases:
        return
    with platform_context(), connection.cursor() as cursor:
        if settings.PRODUCTION and settings.FYNLO_DATABASE_ROLE == "runtime":
            yield from _role(cursor)
        if not settings.TESTING:
            for name in DURABLE:
                cursor.execute("SELECT current_setting(%s)", [name])
                value = cursor.fetchone()[0]
                if value in {"off", "local"}:
                    yield Error(f"{name} is {value}: a sale could be acknowledged and lost.", id="fynlo.E005")
        yield from _pooling(cursor)


def _role(cursor: Any) -> Iterable[CheckMessage]:
    cursor.execute(
        "SELECT r.rolsuper OR r.rolbypassrls, r.rolcreaterole OR r.rolcreatedb "
        "OR EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspowner = r.oid AND n.nspname LIKE 't\\_%') "
        "OR EXISTS (SELECT 1 FROM pg_database d WHERE d.datdba = r.oid AND d.datname = current_database()) "
        "FROM pg_roles r WHERE r.rolname = current_user"
    )
    is_superuser, is_owner = cursor.fetchone()
    if is_superuser:
        yield Error("The run-time database role is a superuser.", id="fynlo.E004")
    elif is_owner:
        yield Error(
            "The run-time database role owns the database or merchants' schemas, or may make roles or databases.",
            hint="Give DATABASE_URL a plain role and DATABASE_OWNER_URL the owner.",
            id="fynlo.E004",
        )


def _pooling(cursor: Any) -> Iterable[CheckMessage]:
    """A session keeps its settings and its server process; a transaction-mode pooler keeps neither (trap 11)."""
    marker = uuid.uuid4().hex
    seen = set()
    cursor.execute("SELECT set_config('fynlo.session_probe', %s, false)", [marker])
    for _attempt in range(3):
        cursor.execute("SELECT pg_backend_pid(), current_setting('fynlo.session_probe', true)")
        seen.add(cursor.fetchone())
    if len(seen) != 1 or next(iter(seen))[1] != marker:
        yield Error(
            "The database connection does not keep its session between statements.",
            hint="Use the pooler in session mode.",
            id="fynlo.E006",
        )


def _models(app_names: Iterable[str]) -> Iterable[type[models.Model]]:
    names = set(app_names)
    for config in apps.get_app_configs():
        if isinstance(config, AppConfig) and config.name in names:
            yield from config.get_models(include_auto_created=True)


def _tables(app_names: Iterable[str]) -> set[str]:
    return {model._meta.db_table for model in _models(app_names) if model._meta.managed}


def refuse_unsafe_start() -> None:
    """Stop a process that would serve unsafely, with every reason. Every process that serves calls it first.

    Raises SystemExit with code 78 (EX_CONFIG). A database that cannot be reached is no reason: the process
    starts, answers 503 and recovers, and `/health/ready` says so. Tests run on servers that may lose data.
    """
    if settings.TESTING:
        return
    found = run_checks(tags=[Tags.security, Tags.models])
    with suppress(OperationalError):
        found += run_checks(tags=[Tags.database], databases=["default"])
    fatal = [message for message in found if message.is_serious() and str(message.id).startswith("fynlo.")]
    if fatal:
        lines = [f"  {message.id}: {message.msg} {message.hint or ''}".rstrip() for message in fatal]
        print("Fynlo refuses to start:", *lines, sep="\n", file=sys.stderr, flush=True)
        raise SystemExit(os.EX_CONFIG)
