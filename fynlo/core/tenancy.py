"""Where a connection is: in one tenant, on the platform, or nowhere. The only door to the tenancy library.

A connection starts nowhere, and a query there raises `TenantContextMissing` (guarded in
`fynlo.core.postgres`). A place is entered with a fresh `with tenant_context(tenant):` and left on the way
out, also after an exception. Places belong to the thread's connection, so a new thread starts nowhere:
hand work over with `run_in_tenant`.
"""

import uuid
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, ParamSpec, Protocol, TypeVar

from django.db import connection as default_connection

PLATFORM_SCHEMA = "public"
EXTENSIONS_SCHEMA = "extensions"

connection: Any = default_connection
"""Fynlo's backend (`fynlo.core.postgres`), which has places; Django types it as its base class."""

P = ParamSpec("P")
R = TypeVar("R")


class TenantContextMissing(RuntimeError):
    """A query, cache key, lock, file path or task was asked for while the connection was in no tenant."""


class WrongTenant(RuntimeError):
    """An instance or queryset made in one schema was used in another (traps 4 and 5)."""


class TenantLike(Protocol):
    """What the kernel needs to know of a merchant; `tenants.Tenant` provides it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def slug(self) -> str: ...
    @property
    def schema_name(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def state(self) -> str: ...


class _Place:
    """Base of both contexts: remembers where the connection was and puts it back there.

    Single use and no decorator on purpose: a shared instance restores the wrong place when calls nest
    or recurse (trap 8).
    """

    def __init__(self) -> None:
        self._entered = False
        self._before: Any = None

    def _go(self) -> None:
        raise TypeError("use tenant_context or platform_context")

    def __enter__(self) -> None:
        if self._entered:
            raise RuntimeError("a tenancy context is entered once; make a fresh one for every `with`")
        self._entered = True
        self._before = connection.place()
        self._go()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection.go_to(self._before)


class tenant_context(_Place):  # noqa: N801  reads as a statement, like the library's own
    """Place this thread's connection in `tenant` for the length of a `with` block."""

    def __init__(self, tenant: TenantLike) -> None:
        super().__init__()
        self._tenant = tenant

    def _go(self) -> None:
        connection.go_to(self._tenant)


class platform_context(_Place):  # noqa: N801
    """Place this thread's connection on the platform (schema `public`) for the length of a `with` block."""

    def _go(self) -> None:
        connection.go_to_platform()


def leave() -> None:
    """Put this thread's connection nowhere. Edges (middleware, tasks, consumers) call it when they are done."""
    connection.go_to(None)


def current_schema() -> str | None:
    """The schema this thread's connection is in, or None when it is nowhere."""
    schema: str | None = connection.schema_name
    return schema


def is_platform() -> bool:
    """Whether this thread's connection is on the platform."""
    return connection.schema_name == PLATFORM_SCHEMA


def current_tenant() -> TenantLike:
    """The tenant this thread's connection is in; raises `TenantContextMissing` elsewhere."""
    place = connection.place()
    if place is None or connection.schema_name == PLATFORM_SCHEMA:
        raise TenantContextMissing("this needs a tenant, but the connection is in none")
    tenant: TenantLike = place
    return tenant


def run_in_tenant(tenant: TenantLike, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `function` inside `tenant` and leave the thread's connection nowhere: for threads and consumers.

    Pool threads are reused, so what a former call left behind must never be inherited (traps 6 and 7).
    """
    leave()
    try:
        with tenant_context(tenant):
            return function(*args, **kwargs)
    finally:
        leave()


def tenant_key(*parts: str) -> str:
    """A name that carries the tenant, for caches, locks, files and groups; raises when nowhere.

    `tenant_key("book", "7")` inside tenant `t_cafe` gives `t_cafe:book:7`; on the platform the prefix is
    `platform`.
    """
    schema = current_schema()
    if schema is None:
        raise TenantContextMissing("a key was asked for, but the connection is in no tenant")
    prefix = "platform" if schema == PLATFORM_SCHEMA else schema
    return ":".join((prefix, *parts))


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Django's `KEY_FUNCTION`: every cache key carries its tenant, or raises (trap 14)."""
    return tenant_key(key_prefix, str(version), key)


class Registry:
    """How the kernel finds merchants without importing the app that stores them.

    The tenants app hands in its look-ups when it is ready; each may be called from anywhere and leaves the
    connection where it was.
    """

    def __init__(self) -> None:
        self._live: Callable[..., Iterable[TenantLike]] | None = None
        self._by_schema: Callable[[str], TenantLike | None] | None = None
        self._by_host: Callable[[str], TenantLike | None] | None = None
        self._admit: Callable[..., None] | None = None

    def provide(
        self,
        *,
        live: Callable[..., Iterable[TenantLike]],
        by_schema: Callable[[str], TenantLike | None],
        by_host: Callable[[str], TenantLike | None],
        admit: Callable[..., None],
    ) -> None:
        """Install the look-ups (once, at start-up)."""
        self._live, self._by_schema, self._by_host, self._admit = live, by_schema, by_host, admit

    def live_tenants(self, *, for_guests: bool = False) -> list[TenantLike]:
        """Every merchant whose readers and background work run, ordered by schema name.

        `for_guests`: also those who are suspended, for work on money that guests gave or are to get back.
        """
        if self._live is None:
            raise TenantContextMissing("no tenant registry is installed")
        return list(self._live(for_guests=for_guests))

    def tenant_by_schema(self, schema: str) -> TenantLike | None:
        """The merchant with this schema, or None."""
        if self._by_schema is None:
            raise TenantContextMissing("no tenant registry is installed")
        return self._by_schema(schema)

    def tenant_by_host(self, host: str) -> TenantLike | None:
        """The merchant who owns this host name (no port), or None."""
        if self._by_host is None:
            raise TenantContextMissing("no tenant registry is installed")
        return self._by_host(host)

    def admit(self, tenant: TenantLike, *, for_guests: bool = False) -> None:
        """Raise the error with which the state of `tenant` refuses background work, if it does."""
        if self._admit is None:
            raise TenantContextMissing("no tenant registry is installed")
        self._admit(tenant, for_guests=for_guests)


registry = Registry()
