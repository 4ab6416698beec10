"""The door before Django gives the answers Django gives to a till that asks whether its book is the newest."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from structlog.testing import capture_logs

from fynlo.bridge import wsgi_environ
from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import current_schema, platform_context, tenant_context
from fynlo.unchanged_book import ROUTE, UnchangedBookDoor
from pos.catalog.models import PriceBookVersion
from pos.catalog.queries.book_pages import newest_version
from sync.terminals.models import Terminal
from sync.terminals.services import RENEW_BELOW, revoke_terminal
from tenants.models import Tenant
from tests.factories import Shop, paired_till, signed_in
from tests.pos.catalog.book.edits import reprice

PATH = f"/{ROUTE}"
Answer = tuple[str, list[tuple[str, str]], bytes]


class Door:
    """The application behind its door; counts how often Django was asked."""

    def __init__(self) -> None:
        self.handed_on = 0
        self.django = get_wsgi_application()
        self.application = UnchangedBookDoor(self._counted)

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.handed_on += 1
        return self.django(environ, start_response)

    def both(self, environ: dict[str, Any]) -> tuple[Answer, Answer]:
        """The answer without the door, then the one with it."""
        return ask(self.django, environ), ask(self.application, environ)

    def answers_alone(self, environ: dict[str, Any]) -> bool:
        """Whether Django is not asked."""
        before = self.handed_on
        ask(self.application, environ)
        return self.handed_on == before


def ask(application: Any, environ: dict[str, Any]) -> Answer:
    """What a WSGI application answers; the connection is nowhere afterwards."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        told.append((status, headers))

    chunks = application({**environ, "wsgi.input": BytesIO()}, start_response)
    body = b"".join(chunks)
    getattr(chunks, "close", lambda: None)()
    assert current_schema() is None
    return (*told[-1], body)


def asking(host: str, headers: dict[str, str], tag: str, **changes: Any) -> dict[str, Any]:
    """The environment of the question; `changes` replace what is in it."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    scope = {"method": "GET", "path": PATH, "headers": [], "query_string": b""}
    plain = {"HTTP_HOST": host, "HTTP_IF_NONE_MATCH": tag, "HTTP_X_REQUEST_ID": "request-0001"}
    return {**wsgi_environ(scope, b""), **plain, **named, **changes}


@pytest.fixture(autouse=True)
def one_connection(db: None) -> Iterator[None]:
    """Django closes connections between requests; a test's transaction has to stay, as with its test client."""
    if not connection.in_atomic_block:
        yield
        return
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def headers(here: Shop) -> dict[str, str]:
    """Those of a till of the café."""
    return paired_till(here.tenant)


@pytest.fixture
def tag(here: Shop) -> str:
    """The newest book's."""
    with tenant_context(here.tenant):
        version = newest_version()
    assert version is not None
    return f'"{version.digest}"'


@pytest.fixture
def host(here: Shop) -> str:
    return f"{here.tenant.slug}.localhost"


@pytest.fixture
def plain(host: str, headers: dict[str, str], tag: str) -> dict[str, Any]:
    """The question that the door answers."""
    return asking(host, headers, tag)


@pytest.fixture
def door(plain: dict[str, Any]) -> Iterator[Door]:
    """A door that has learnt how Django answers this host, and does not ask it any more."""
    door = Door()
    assert not door.answers_alone(plain)
    assert door.answers_alone(plain)
    yield door
    assert current_schema() is None


@pytest.mark.parametrize("query", ["", "limit=1", "limit=200", "limit=500"])
@pytest.mark.parametrize("written", ["{}", "W/{}", '"other", {}', "*"])
def test_the_answer_is_djangos_to_the_last_header(
    door: Door, plain: dict[str, Any], tag: str, query: str, written: str
) -> None:
    asked = {**plain, "QUERY_STRING": query, "HTTP_IF_NONE_MATCH": written.format(tag)}
    without, through = door.both(asked)
    assert without == through
    assert (through[0], through[2], dict(through[1])["ETag"]) == ("304 Not Modified", b"", tag)
    assert dict(through[1])["X-Request-ID"] == "request-0001"
    assert door.answers_alone(asked)


def test_it_takes_one_statement(door: Door, plain: dict[str, Any]) -> None:
    with CaptureQueriesContext(connection) as seen:
        ask(door.application, plain)
    assert len(seen) == 1
    with CaptureQueriesContext(connection) as seen:
        ask(door.django, plain)
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"HTTP_IF_NONE_MATCH": '"other"'}, 200),
        ({"HTTP_AUTHORIZATION": "Bearer fyd_wrong"}, 401),
        ({"HTTP_AUTHORIZATION": "Bearer "}, 401),
        ({"HTTP_AUTHORIZATION": "Basic fyd_wrong"}, 401),
        ({"HTTP_STAFF_SESSION": "fys_wrong"}, 401),
        ({"HTTP_HOST": "nobody.localhost"}, 404),
        ({"HTTP_HOST": "localhost"}, 404),
        ({"HTTP_ACCEPT": "application/json"}, 304),
        ({"HTTP_ACCEPT": "image/png"}, None),
        ({"HTTP_COOKIE": "a=b"}, 304),
        ({"REQUEST_METHOD": "HEAD"}, 304),
        ({"REQUEST_METHOD": "POST"}, 405),
        ({"PATH_INFO": f"{PATH}/"}, 404),
        ({"QUERY_STRING": "limit=0"}, 400),
        ({"QUERY_STRING": "limit=501"}, 400),
        ({"QUERY_STRING": "limit=1&limit=2"}, None),
        ({"QUERY_STRING": "revision=999"}, 404),
        ({"QUERY_STRING": "other=1"}, 400),
    ],
    ids=str,
)
def test_what_is_not_plain_is_answered_by_django(
    door: Door, plain: dict[str, Any], changes: dict[str, Any], status: int | None
) -> None:
    asked = {**plain, **changes}
    assert not door.answers_alone(asked)
    without, through = door.both(asked)
    assert without == through
    assert status is None or through[0].startswith(str(status))


def revoked(here: Shop, _headers: dict[str, str]) -> None:
    with tenant_context(here.tenant):
        revoke_terminal(terminal_id=Terminal.objects.get().pk, actor=SYSTEM, at=clock.now())


def expired(here: Shop, _headers: dict[str, str]) -> None:
    with tenant_context(here.tenant):
        Terminal.objects.update(token_expires_at=clock.now())


def published(here: Shop, _headers: dict[str, str]) -> None:
    with tenant_context(here.tenant):
        reprice(here, "roll", 50)


def suspended(here: Shop, _headers: dict[str, str]) -> None:
    with platform_context():
        Tenant.objects.filter(pk=here.tenant.id).update(suspended_at=timezone.now())


def closed(here: Shop, _headers: dict[str, str]) -> None:
    with platform_context():
        Tenant.objects.filter(pk=here.tenant.id).update(state="closed")


@pytest.mark.parametrize(
    ("happens", "status"),
    [(revoked, 401), (expired, 401), (published, 200), (suspended, 403), (closed, 403)],
)
def test_what_happens_counts_from_the_next_request_on(
    door: Door,
    here: Shop,
    headers: dict[str, str],
    plain: dict[str, Any],
    happens: Callable[[Shop, dict[str, str]], None],
    status: int,
) -> None:
    happens(here, headers)
    assert not door.answers_alone(plain)
    without, through = door.both(plain)
    assert without == through
    assert through[0].startswith(str(status))


def test_another_merchants_till_is_refused_as_django_does(
    door: Door, there: Shop, plain: dict[str, Any]
) -> None:
    asked = {**plain, "HTTP_AUTHORIZATION": paired_till(there.tenant)["Authorization"]}
    without, through = door.both(asked)
    assert without == through
    assert through[0].startswith("401")


def test_one_merchants_book_is_not_anothers(door: Door, here: Shop, there: Shop, tag: str) -> None:
    stranger = asking(f"{there.tenant.slug}.localhost", paired_till(there.tenant), tag)
    with tenant_context(there.tenant):
        version = newest_version()
    assert version is not None
    own = {**stranger, "HTTP_IF_NONE_MATCH": f'"{version.digest}"'}
    assert not door.answers_alone(own)
    assert door.answers_alone(own)
    with tenant_context(here.tenant):
        assert not PriceBookVersion.objects.filter(digest=version.digest).exists()
    assert ask(door.application, stranger)[0].startswith("200")


def test_an_employee_is_looked_up_by_django(
    door: Door, here: Shop, headers: dict[str, str], tag: str, host: str
) -> None:
    asked = asking(host, signed_in(here.tenant, headers), tag)
    assert not door.answers_alone(asked)
    without, through = door.both(asked)
    assert without == through
    assert through[0].startswith("304")


def test_a_token_near_its_end_is_prolonged(door: Door, here: Shop, plain: dict[str, Any]) -> None:
    with tenant_context(here.tenant):
        Terminal.objects.update(token_expires_at=clock.now() + RENEW_BELOW)
    assert not door.answers_alone(plain)
    with tenant_context(here.tenant):
        assert Terminal.objects.get().token_expires_at > clock.now() + 1.5 * RENEW_BELOW
    assert door.answers_alone(plain)


def test_the_log_tells_the_same(door: Door, plain: dict[str, Any]) -> None:
    told = []
    for application in (door.django, door.application):
        with capture_logs() as lines:
            ask(application, plain)
        told.append([{**line, "duration_ms": 0} for line in lines])
    assert told[0] == told[1] == [{"event": "request", "log_level": "info", "status": 304, "duration_ms": 0}]


MISHAPS = {
    "the host is another merchant's": (
        "UPDATE public.tenants_domain SET domain = 'elsewhere.localhost' WHERE domain = 'cafe.localhost'",
        "404",
    ),
    "not migrated yet": ("DROP FUNCTION t_cafe.unchanged_book(text, timestamptz)", "304"),
    "connection lost": ("SELECT pg_terminate_backend(%s)", "304"),
}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_after_a_mishap_django_answers(
    as_owner: None, door: Door, plain: dict[str, Any], mishap: str
) -> None:
    statement, status = MISHAPS[mishap]
    other: Any = connections.create_connection("default")
    other.settings_dict = dict(connection.settings_dict)
    other.go_to_platform()
    with other.cursor() as cursor:
        cursor.execute(statement.replace("%s", str(connection.connection.info.backend_pid)))
    other.close()
    before = door.handed_on
    assert ask(door.application, plain)[0].startswith(status)
    assert door.handed_on == before + 1
