"""Is the process alive, and can it serve? Answered on any host, before tenants, sessions and logs.

`/health/live` touches nothing. `/health/ready` asks the database, Redis and the migrations, each on a
connection of its own and within a time limit, and says which one is down and why in one word. Hosts, users
and error texts stay inside.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import orjson
from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from redis import Redis

Handler = Callable[[HttpRequest], HttpResponse]
TIMEOUT_SECONDS: Final = 2.0
FRESH_SECONDS: Final = 1.0
UP: Final = "up"
LIVE: Final = b'{"status":"up"}'
"""What `/health/live` answers, here and at once in the ASGI bridge."""


class CheckFailed(Exception):
    """A check's own verdict, in one word that may be shown."""


class HealthMiddleware:
    """Answers `/health/live` and `/health/ready`; everything else goes on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The health of this process, or the next middleware's answer."""
        if request.path == "/health/live":
            return HttpResponse(LIVE, content_type="application/json", headers={"Cache-Control": "no-store"})
        if request.path == "/health/ready":
            checks = readiness()
            is_up = all(state == UP for state in checks.values())
            status = HTTPStatus.OK if is_up else HTTPStatus.SERVICE_UNAVAILABLE
            return _answer(status, {"status": UP if is_up else "down", "checks": checks})
        return self.get_response(request)


def _answer(status: HTTPStatus, body: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "2"
    return response


@dataclass(slots=True)
class _Last:
    at: float
    checks: dict[str, str]


_lock = threading.Lock()
_last: _Last | None = None
# A check that hangs keeps its thread until the network gives up; meanwhile the others have theirs.
_threads: Final = ThreadPoolExecutor(max_workers=6, thread_name_prefix="health")


def readiness(*, max_age: float = FRESH_SECONDS) -> dict[str, str]:
    """Each check's state: `up`, or `down: <one word>`.

    An answer is good for a second, so that whoever asks often does not become the load.
    """
    global _last  # noqa: PLW0603  one answer per process, guarded by the lock
    with _lock:
        now = time.monotonic()
        if _last is None or now - _last.at >= max_age:
            running = {name: _threads.submit(check) for name, check in CHECKS.items()}
            states = {name: _state(future, now + TIMEOUT_SECONDS) for name, future in running.items()}
            _last = _Last(time.monotonic(), states)
        return dict(_last.checks)


def _state(check: "Future[None]", deadline: float) -> str:
    try:
        check.result(timeout=max(0.0, deadline - time.monotonic()))
    except Exception as error:  # noqa: BLE001  whatever it is, the check is down
        check.cancel()
        return f"down: {reason(error)}"
    return UP


def reason(error: BaseException) -> str:
    """One word for `error` that gives nothing away."""
    if isinstance(error, CheckFailed):
        return str(error)
    text = f"{type(error).__name__} {error}".lower()
    for word, signs in _REASONS.items():
        if any(sign in text for sign in signs):
            return word
    return "failing"


_REASONS: Final = {
    "refused": ("refused",),
    "timeout": ("timeout", "timed out"),
    "unknown host": ("translate host", "name or service", "name resolution", "nodename"),
    "authentication": ("authentication", "wrongpass", "noauth", "no password"),
    "missing": ("does not exist",),
    "starting": ("starting up", "loading"),
    "recovering": ("recovery mode", "not yet accepting"),
    "stopping": ("shutting down",),
    "full": ("too many", "remaining connection slots"),
}


def check_database() -> None:
    """The database answers a query of a fresh connection."""
    _on_fresh_connection("SELECT 1")


def check_redis() -> None:
    """Redis answers."""
    client = Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )
    with client:
        client.ping()


def check_migrations() -> None:
    """Every migration of the platform's tables that this code knows is applied."""
    # Merchants migrate one after the other while the old release serves (expand, migrate, contract), so
    # theirs are no reason to be out of service.
    applied = set(_on_fresh_connection("SELECT app, name FROM public.django_migrations"))
    missing = _platform_migrations() - applied
    if missing:
        raise CheckFailed(f"{len(missing)} missing")


CHECKS: Final[dict[str, Callable[[], None]]] = {
    "database": check_database,
    "redis": check_redis,
    "migrations": check_migrations,
}


@cache
def _platform_migrations() -> frozenset[tuple[str, str]]:
    shared = {config.label for config in apps.get_app_configs() if config.name in settings.SHARED_APPS}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(key for key in loader.disk_migrations if key[0] in shared)


def _on_fresh_connection(statement: str) -> list[tuple[Any, ...]]:
    """Rows of `statement` on a connection of its own: the thread's may be in a tenant, or broken."""
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    parameters = wrapper.get_connection_params()
    milliseconds = int(TIMEOUT_SECONDS * 1000)
    parameters |= {
        "connect_timeout": max(1, int(TIMEOUT_SECONDS)),
        "tcp_user_timeout": milliseconds,
        "options": f"-c statement_timeout={milliseconds}",
    }
    fresh = wrapper.Database.connect(**parameters)
    try:
        with fresh.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())
    finally:
        fresh.close()
