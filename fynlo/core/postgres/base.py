"""The guard under everything: a query on a connection that nobody has placed raises.

Built on the tenancy library's backend (which sets `search_path`), with four differences: the state after
connecting is *nowhere* instead of `public`; a tenant's search_path never contains `public`; foreign keys
are `DEFERRABLE INITIALLY IMMEDIATE`, so that errors arrive at the statement that caused them; unique texts
have one index, not a second one for `LIKE`.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django_tenants.postgresql_backend import base

from fynlo.core.postgres.operations import DatabaseFeatures, DatabaseOperations
from fynlo.core.tenancy import PLATFORM_SCHEMA, TenantContextMissing

if is_psycopg3:  # Django would silently prefer it, and nobody here has tested that
    raise RuntimeError("psycopg 3 is installed; Fynlo runs on psycopg2 only")


class SchemaEditor(DatabaseSchemaEditor):
    """PostgreSQL's, without a second index on unique texts for LIKE 'x%': codes are asked for whole."""

    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        del model, field


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """PostgreSQL connection with a place: a tenant, the platform, or nowhere."""

    ops_class = DatabaseOperations
    features_class = DatabaseFeatures
    SchemaEditorClass = SchemaEditor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._connecting = False
        super().__init__(*args, **kwargs)
        self.go_to(None)

    def place(self) -> Any:
        """The tenant-like object this connection is placed in, or None for nowhere."""
        return self.tenant

    def go_to(self, place: Any) -> None:
        """Place the connection: a tenant (anything with `schema_name`), or None for nowhere."""
        if place is None:
            self.tenant: Any = None
            self.schema_name: str | None = None
            self.search_path_set_schemas = None
            return
        self.set_tenant(place)

    def go_to_platform(self) -> None:
        """Place the connection on the platform schema."""
        self.set_tenant(base.FakeTenant(schema_name=PLATFORM_SCHEMA))

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Place the connection; `public` never comes along, whatever the library asks for."""
        del include_public
        super().set_tenant(tenant, include_public=False)

    def connect(self) -> None:
        """Connect; Django asks the server for its version meanwhile, which needs no place."""
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def cursor_nowhere(self) -> Any:
        """A cursor of the connection as it is, which must be open: no place, no search_path, no health check.

        Only for statements that name the schema of everything in them; the search_path may be anybody's. That
        saves a round trip each, so whoever uses it does the same again in the usual way when it fails.
        """
        self.health_check_done = True
        return self._unplaced(self.cursor)

    def _cursor(self, name: str | None = None) -> Any:
        if self.schema_name is None and not self._connecting:
            raise TenantContextMissing(
                "a query was made while the connection is in no tenant; enter tenant_context(tenant) or "
                "platform_context() first"
            )
        return super()._cursor(name=name)

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self.schema_name is not None:
            super()._handle_search_path(cursor)

    def savepoint_rollback(self, sid: str) -> None:
        """Roll back to a savepoint; allowed nowhere too, since a context may end before its savepoint does."""
        self._unplaced(super().savepoint_rollback, sid)

    def check_constraints(self, table_names: Any = None) -> None:
        """Check what is deferred; concerns the session, so it needs no place."""
        self._unplaced(super().check_constraints, table_names)

    def _savepoint(self, sid: str) -> None:
        self._unplaced(super()._savepoint, sid)

    def _savepoint_commit(self, sid: str) -> None:
        self._unplaced(super()._savepoint_commit, sid)

    def _savepoint_rollback(self, sid: str) -> None:
        self._unplaced(super()._savepoint_rollback, sid)

    def is_usable(self) -> bool:
        """Whether the server still answers; a health check needs no place."""
        return bool(self._unplaced(super().is_usable))

    def _unplaced(self, call: Callable[..., Any], *args: Any) -> Any:
        before, self._connecting = self._connecting, True
        try:
            return call(*args)
        finally:
            self._connecting = before
