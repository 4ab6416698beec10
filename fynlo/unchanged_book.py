"""A door before Django for one question: does the till still have the newest price book?

Every till asks `GET /api/v1/catalog/book` with `If-None-Match` every few minutes, and nearly always the answer
is 304. The door gives that answer, and only that one, after one statement; whatever is not plain it hands on,
so what is refused, and how, is decided by Django alone.

Headers are not written here: they are those of a 304 that Django gave to the same host, scheme and `Accept`.
Nothing that decides is remembered. That the host is this merchant's, that the merchant may read, that the device
is paired and which book is the newest is asked each time, so a suspension counts from the next request on.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from psycopg2.extensions import quote_ident

from fynlo.api.etags import names
from fynlo.core import clock
from fynlo.core.tenancy import connection, leave, registry
from fynlo.observability import context
from fynlo.observability.middleware import note
from staff.access.tokens import token_hash
from staff.employees.roles import DEVICE_PERMISSIONS
from sync.terminals.services import RENEW_BELOW
from tenants import states
from tenants.middleware import host_name

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
_Key = tuple[str, ...]

ROUTE: Final = "api/v1/catalog/book"
STATUS: Final = "304 Not Modified"
MOST_HOSTS: Final = 4096
"""Answers remembered per process; beyond it all are forgotten and learnt again."""
_PATH: Final = f"/{ROUTE}"
_PERMISSION: Final = "catalog.read"
_QUERY: Final = re.compile(r"(limit=([1-9]|[1-9]\d|[1-4]\d\d|500))?", re.ASCII)
_SCHEME: Final = "Bearer "
# What may change the answer, or who gives it: a session beside the device, a page's cookies, a body, a condition.
_NOT_PLAIN: Final = (
    "HTTP_STAFF_SESSION",
    "HTTP_COOKIE",
    "HTTP_TRANSFER_ENCODING",
    "HTTP_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
)
# What Django's headers depend on: the address (ALLOWED_HOSTS, HSTS, redirects to TLS) and the kind of answer.
_DEPENDS_ON: Final = ("HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT")
_ASKED: Final = (
    "SELECT tenant.slug, tenant.state, tenant.suspended_at IS NOT NULL, till.device_id, till.newest_digest "
    "FROM public.tenants_domain AS domain JOIN public.tenants_tenant AS tenant ON tenant.id = domain.tenant_id "
    "CROSS JOIN {schema}.unchanged_book(%s, %s) AS till "
    "WHERE domain.domain = %s AND tenant.schema_name = %s"
)

log = structlog.get_logger("fynlo.unchanged_book")


@dataclass(frozen=True, slots=True)
class _Learnt:
    """How Django answered: the merchant's schema and the headers, those of one answer (id, tag) left empty."""

    host: str
    schema: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class _Merchant:
    """What admission asks of a merchant."""

    state: str
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """A till that may ask, and has the newest book."""

    slug: str
    device_id: str
    tag: str


class UnchangedBookDoor:
    """A WSGI application: 304 for a till whose price book is the newest, everything else by `application`."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._learnt: dict[_Key, _Learnt] = {}

    def __call__(self, question: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or hand on untouched."""
        if not _is_plain(question):
            return self._application(question, start_response)
        started = time.perf_counter()
        key = tuple(question.get(name, "") for name in _DEPENDS_ON)
        learnt = self._learnt.get(key)
        if learnt is None:
            return self._application(question, self._learning(key, start_response))
        try:
            known = _known(question, learnt)
            headers = None if known is None else _noted(question, learnt, known, started=started)
        except Exception:
            # Whatever it is, Django meets it again and answers it.
            log.warning("unchanged_book_handed_on", exc_info=True)
            headers = None
        if headers is None:
            return self._application(question, start_response)
        start_response(STATUS, headers)
        return []

    def _learning(self, key: _Key, start_response: StartResponse) -> StartResponse:
        """`start_response`, which remembers a 304 on its way."""

        def starting(status: str, headers: Headers, *error: Any) -> Any:
            learnt = _read(key[0], headers) if status == STATUS and not error else None
            if learnt is not None:
                if len(self._learnt) >= MOST_HOSTS:
                    self._learnt.clear()
                self._learnt[key] = learnt
            return start_response(status, headers, *error)

        return starting


def _is_plain(question: Environ) -> bool:
    """Whether this is the question as tills put it."""
    return (
        question["PATH_INFO"] == _PATH
        and question["REQUEST_METHOD"] == "GET"
        and not question.get("SCRIPT_NAME")
        and "HTTP_IF_NONE_MATCH" in question
        and question.get("HTTP_AUTHORIZATION", "").startswith(_SCHEME)
        and question.get("CONTENT_LENGTH", "") in {"", "0"}
        and not any(name in question for name in _NOT_PLAIN)
        and _QUERY.fullmatch(question.get("QUERY_STRING", "")) is not None
        and _PERMISSION in DEVICE_PERMISSIONS
    )


def _read(raw_host: str, headers: Headers) -> _Learnt | None:
    """What Django's 304 teaches; None when it set a cookie or its host is nobody's."""
    host = host_name(raw_host)
    if host is None or any(name.lower() == "set-cookie" for name, _ in headers):
        return None
    leave()
    try:
        tenant = registry.tenant_by_host(host)
    except Exception:
        # The answer is made and has to be sent; the next one may teach the same.
        log.warning("unchanged_book_not_learnt", exc_info=True)
        tenant = None
    finally:
        leave()
    return None if tenant is None else _Learnt(host, tenant.schema_name, list(headers))


def _known(question: Environ, learnt: _Learnt) -> _Known | None:
    """The till, when everything is in order and its book is the newest; None hands on."""
    if not _is_open():
        return None
    leave()
    statement = _ASKED.format(schema=quote_ident(learnt.schema, connection.connection))
    token = question["HTTP_AUTHORIZATION"].removeprefix(_SCHEME).strip()
    # A token that lasts so long is in force, and needs no prolonging: `is_paired` and `keep_alive` in one.
    lasting = clock.now() + RENEW_BELOW
    with connection.cursor_nowhere() as cursor:
        cursor.execute(statement, [token_hash(token), lasting, learnt.host, learnt.schema])
        row = cursor.fetchone()
    if row is None:
        return None
    slug, state, is_suspended, device_id, digest = row
    refusal = states.refusal(_Merchant(state, is_suspended), states.READING)
    if refusal is not None or digest is None:
        return None
    tag = f'"{digest}"'
    return _Known(slug, device_id, tag) if names(question["HTTP_IF_NONE_MATCH"], tag) else None


def _is_open() -> bool:
    """Whether this thread has a connection that nothing speaks against; Django mends or replaces others."""
    return (
        connection.connection is not None
        and not connection.errors_occurred
        and (connection.close_at is None or time.monotonic() < connection.close_at)
    )


def _noted(question: Environ, learnt: _Learnt, known: _Known, *, started: float) -> Headers:
    """Log and count the answer as Django's would be; its headers."""
    inbound = question.get("HTTP_X_REQUEST_ID", "")
    try:
        own = {
            "x-request-id": context.begin(inbound=inbound, method="GET", path=ROUTE),
            "etag": known.tag,
        }
        context.bind(device=known.device_id, actor=f"device:{known.device_id}")
        seconds = time.perf_counter() - started
        note(method="GET", route=ROUTE, tenant=known.slug, status=304, seconds=seconds)
    finally:
        context.end()
    return [(name, own.get(name.lower(), value)) for name, value in learnt.headers]
