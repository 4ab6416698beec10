"""Every request gets an id, and one line in the log when it is answered."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from fynlo.observability import context, metrics

Handler = Callable[[HttpRequest], HttpResponse]
_UNMATCHED = "unmatched"

log = structlog.get_logger("fynlo.access")


class RequestMiddleware:
    """Gives the request its id, logs one line with status and duration, and forgets everything afterwards.

    The path is logged as its route (`api/v1/orders/<uuid:id>`), never as it was written.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its own log context."""
        started = time.perf_counter()
        request_id = context.begin(
            inbound=request.headers.get("X-Request-ID", ""), method=_method(request), path=_UNMATCHED
        )
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            self._note(request, response.status_code, time.perf_counter() - started)
            return response
        finally:
            context.end()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """The route is known now: every further line carries it."""
        del view, args, kwargs
        context.bind(path=_route(request))

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        tenant = getattr(request, "tenant", None)
        slug = tenant.slug if tenant is not None else None
        note(method=_method(request), route=_route(request), tenant=slug, status=status, seconds=seconds)


def note(*, method: str, route: str, tenant: str | None, status: int, seconds: float) -> None:
    """The line in the log and the count of one answered request, whose context has begun."""
    context.bind(tenant=tenant)
    log.info("request", status=status, duration_ms=round(seconds * 1000, 1))
    metrics.request(method=method, route=route, status=status, seconds=seconds)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.route if match is not None else _UNMATCHED


def _method(request: HttpRequest) -> str:
    """The method, or OTHER: a client may invent any word."""
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return request.method if request.method in known else "OTHER"
