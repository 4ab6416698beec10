"""Views that use everything the API kernel offers, as a room's views would; for the tests of the kernel."""

import threading
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from drf_spectacular.utils import extend_schema
from redis import Redis
from rest_framework import exceptions as rest
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import etag, require_match, tagged
from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier, integer, timestamp
from fynlo.api.renderers import TextRenderer
from fynlo.api.schema import page_of
from fynlo.api.stored_answers import find
from fynlo.api.views import ApiView
from fynlo.core.errors import Conflict, Forbidden, RuleViolation
from fynlo.core.ids import new_id
from fynlo.events.log import append, head, unit_of_work
from fynlo.events.models import Cursor, Event
from tests.api.shapes import ByName, LineSerializer, OrderSerializer, Rang


class View(ApiView):
    authentication_classes = [ByName]
    permission = None


class EchoView(View):
    """Answers with what arrived."""

    @extend_schema(request=OrderSerializer, responses=OrderSerializer)
    def post(self, request: Request) -> Response:
        draft = self.body(OrderSerializer)
        return Response({name: repr(value) for name, value in draft.items()})


class RingView(View):
    """One effect: a row and an event. The body says how it goes."""

    permissions = {"POST": "orders.place"}

    @extend_schema(request=LineSerializer, responses={201: LineSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        return ring(request)


class UnlockedRingView(View):
    """The same without the lock that turns twins away."""

    @idempotent(take=find)
    def post(self, request: Request) -> Response:
        return ring(request)


class UnguardedRingView(View):
    """The same without idempotency."""

    def post(self, request: Request) -> Response:
        with unit_of_work():
            return ring(request)


def ring(request: Request) -> Response:
    """Make the effect, then do what `then` says."""
    wish = request.data
    bell = new_id()
    Cursor.objects.create(reader=f"bell {bell}", position=wish.get("times", 1))
    append(Rang(entity_id=bell, times=wish.get("times", 1)))
    match wish.get("then"):
        case "refuse":
            raise RuleViolation("The bell is broken.", bell=str(bell))
        case "conflict":
            raise Conflict("The bell is taken.")
        case "forbid":
            raise Forbidden
        case "answer 422":
            return Response({"bell": str(bell)}, status=422)
        case "crash":
            raise RuntimeError("a canary that must stay inside: 4111 1111 1111 1111")
        case "lose the connection":
            lose_connection()
        case "lose the answer":
            transaction.on_commit(lose_connection)
        case "meet":
            MEETING.wait(timeout=30)
        case "clash":
            clash(times=wish["clashes"])
        case "say the unsayable":
            append(Rang(entity_id=bell, times=float("nan")))
        case "exit":
            raise SystemExit
    return Response({"bell": str(bell)}, status=201, headers={"Location": f"/bells/{bell}"})


MEETING = threading.Barrier(5)
"""Where five rivals wait for each other, all of them past the look for a stored answer."""
CLASHES: list[str] = []
"""One entry for each transaction that had to start over."""


def clash(*, times: int) -> None:
    """Fail like a transaction that lost against another one, `times` times in all."""
    if len(CLASHES) < times:
        CLASHES.append("clash")
        _raise("40001")


def lose_connection() -> None:
    """End this request's own database session from inside, as an administrator would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


class BellsView(View):
    """A list of rows."""

    permission = "orders.read"
    query_parameters = PAGE_PARAMETERS | {"after", "since", "id", "kind"}

    @extend_schema(responses=page_of("BellPage", LineSerializer))
    def get(self, request: Request) -> Response:
        integer(self.query, "after", default=0)
        timestamp(self.query, "since")
        identifier(self.query, "id")
        choice(self.query, "kind", known=["large", "small"])
        return Response(paginate(bells(), request, bell_json, newest_first="kind" in self.query))


def bells() -> Any:
    from fynlo.api.models import IdempotencyKey

    return IdempotencyKey.objects.all()


def bell_json(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "key": row.key, "weight": Decimal("1.500")}


class TaggedView(View):
    """Answers under an entity tag of the feed's head."""

    def get(self, request: Request) -> HttpResponse:
        return tagged(request, version=head(), build=lambda: {"events": Event.objects.count()})

    def put(self, request: Request) -> Response:
        require_match(request, current=etag("revision", 7))
        return Response({"changed": True})


class FailingView(View):
    """Fails the way the address says."""

    def get(self, request: Request, how: str) -> Response:
        failures: dict[str, Any] = {
            "crash": RuntimeError("a canary that must stay inside"),
            "http404": Http404("No Order matches the given query."),
            "denied": PermissionDenied("secret reason"),
            "suspicious": SuspiciousOperation("secret reason"),
            "throttled": rest.Throttled(wait=17),
            "unauthenticated": rest.AuthenticationFailed("token expired"),
        }
        if how in failures:
            raise failures[how]
        SQL[how]()
        return Response({})


def _sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _raise(state: str) -> None:
    _sql(f"DO $$ BEGIN RAISE EXCEPTION 'secret' USING ERRCODE = '{state}'; END $$")


def _redis_away() -> None:
    Redis.from_url("redis://127.0.0.1:1/0").ping()


def _same_reader_twice() -> None:
    Cursor.objects.create(reader="bell", position=1)
    Cursor.objects.create(reader="other", position=-1)


SQL = {
    "lost": lose_connection,
    "slow": lambda: _sql("SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)"),
    "redis": _redis_away,
    "constraint": _same_reader_twice,
    "null": lambda: _sql("INSERT INTO events_cursor (reader, position) VALUES (NULL, 1)"),
    "locked": lambda: _raise("55P03"),
    "deadlock": lambda: _raise("40P01"),
    "full": lambda: _raise("53100"),
    "standby": lambda: _raise("25006"),
    "nonsense": lambda: _sql("SELECT canary FROM nowhere"),
}


class SilentView(ApiView):
    """Declares no permission."""

    authentication_classes = [ByName]

    def get(self, request: Request) -> Response:
        return Response({"leaked": True})


class PublicView(ApiView):
    """Needs no credential."""

    authentication_classes = [ByName]
    public = True

    def get(self, request: Request) -> Response:
        return Response({"signed_in": request.auth is not None})


class TextView(View):
    """Plain text."""

    renderer_classes = [TextRenderer]

    def get(self, request: Request) -> Response:
        return Response("Summe 12,50 €\n")


def plain_page(request: HttpRequest, how: str) -> HttpResponse:
    """A Django view outside the API."""
    SQL[how]()
    return HttpResponse("fine")


urlpatterns = [
    path("api/", include("fynlo.api.urls")),
    path("api/v1/echo", EchoView.as_view()),
    path("api/v1/ring", RingView.as_view()),
    path("api/v1/ring-too", RingView.as_view()),
    path("api/v1/unlocked-ring", UnlockedRingView.as_view()),
    path("api/v1/unguarded-ring", UnguardedRingView.as_view()),
    path("api/v1/bells", BellsView.as_view()),
    path("api/v1/tagged", TaggedView.as_view()),
    path("api/v1/fail/<how>", FailingView.as_view()),
    path("api/v1/silent", SilentView.as_view()),
    path("api/v1/public", PublicView.as_view()),
    path("api/v1/receipt", TextView.as_view()),
    path("page/<how>", plain_page),
]
handler400 = "fynlo.api.problems.handler400"
handler403 = "fynlo.api.problems.handler403"
handler404 = "fynlo.api.problems.handler404"
handler500 = "fynlo.api.problems.handler500"
