"""Applying Django migrations to the schema the connection is in.

Unlike Django's own command this plans only the apps that have a home in this schema, so that a merchant's
record of migrations names no platform table and the platform's names no merchant's.
"""

import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from fynlo.core.database import LOCK_NOT_AVAILABLE, sqlstate
from fynlo.core.tenancy import is_platform

Target = tuple[str, str | None]
Progress = Callable[[str], None]

# DDL that waits for a lock makes everybody behind it wait too, so it gives up soon and tries again.
LOCK_TIMEOUT: Final = "2s"
_ATTEMPTS: Final = 8


class _Executor(MigrationExecutor):
    """Records an atomic migration in the transaction that made its changes.

    Django may record after that commit; a process that dies in between would find its own tables in the way.
    """

    def apply_migration(self, state: Any, migration: Any, *args: Any, **kwargs: Any) -> Any:
        """Apply and record as one."""
        with transaction.atomic() if migration.atomic else nullcontext():
            return super().apply_migration(state, migration, *args, **kwargs)

    def unapply_migration(self, state: Any, migration: Any, *args: Any, **kwargs: Any) -> Any:
        """Take back and record as one."""
        with transaction.atomic() if migration.atomic else nullcontext():
            return super().unapply_migration(state, migration, *args, **kwargs)


def labels_here() -> frozenset[str]:
    """Labels of the apps whose tables belong into the schema the connection is in."""
    names = settings.SHARED_APPS if is_platform() else settings.TENANT_APPS
    return frozenset(config.label for config in apps.get_app_configs() if config.name in names)


def apply_migrations(*, target: Target | None = None, progress: Progress | None = None) -> list[str]:
    """Bring this schema to the newest migrations, or one app of it to `target`; returns what was done.

    Content types and permissions are brought up to date as well, also when no migration was left to do: a
    process may have died between the two. Raises what the failing migration raised.
    """
    _set_timeouts()
    try:
        done: list[str] = []
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                _migrate(target, done, progress)
                break
            except OperationalError as error:
                if sqlstate(error) != LOCK_NOT_AVAILABLE or attempt == _ATTEMPTS:
                    raise
                time.sleep(0.25 * attempt)
        return done
    finally:
        _reset_timeouts()


def _migrate(target: Target | None, done: list[str], progress: Progress | None) -> None:
    def note(action: str, migration: Any = None, fake: Any = False) -> None:
        del fake
        if action in {"apply_success", "unapply_success"}:
            done.append(_name(migration))
        if progress is not None and action in {"apply_start", "unapply_start"}:
            progress(f"{action.partition('_')[0]} {_name(migration)}")

    executor = _Executor(connection, note)
    executor.loader.check_consistent_history(connection)
    targets = _targets(executor, target)
    plan = executor.migration_plan(targets)
    emit_pre_migrate_signal(0, False, connection.alias, apps=apps, plan=plan)  # noqa: FBT003  Django's order
    executor.migrate(targets, plan=plan)
    if target is None:
        emit_post_migrate_signal(0, False, connection.alias, apps=apps, plan=plan)  # noqa: FBT003


def _targets(executor: MigrationExecutor, target: Target | None) -> list[Target]:
    if target is not None:
        return [target]
    here = labels_here()
    return [(label, name) for label, name in executor.loader.graph.leaf_nodes() if label in here]


def _name(migration: Any) -> str:
    return f"{migration.app_label}.{migration.name}"


def _set_timeouts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        cursor.execute("SELECT set_config('statement_timeout', '0', false)")


def _reset_timeouts() -> None:
    if connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")
