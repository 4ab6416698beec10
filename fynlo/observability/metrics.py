"""What Prometheus reads, and the page it reads it from. Labels are bounded: routes, readers, outcomes; no tenants.

With several processes, `PROMETHEUS_MULTIPROC_DIR` names a directory (emptied at start) and the page adds up
over all of them. What a worker measured now and then is kept in the cache and read when the page is asked for
(`show_measured`), so that it is there whichever process answers.
"""

import os
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.registry import Collector

REQUESTS: Final = Histogram(
    "fynlo_http_request_seconds",
    "Time to answer a request, by route and class of status",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
ORDERS_PLACED: Final = Counter("fynlo_orders_placed_total", "Orders placed, over all merchants")
IDEMPOTENCY: Final = Counter(
    "fynlo_idempotent_requests_total",
    "Requests with an Idempotency-Key: executed, refused, replayed, in_use, reused",
    ["outcome"],
)
FEED_LAG: Final = Gauge(
    "fynlo_feed_lag_items",
    "Events a reader has not been handed yet, in the merchant furthest behind",
    ["reader"],
    multiprocess_mode="livemax",
)
STOCK_DIFFERENCES: Final = Counter(
    "fynlo_stock_differences_total",
    "Figures of stock levels that an audit found to differ from the sums they stand for, over all merchants",
)
_MEASURED: Final = CollectorRegistry(auto_describe=False)
_OUTCOMES: Final = frozenset({"executed", "refused", "replayed", "in_use", "reused"})


def request(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the route of the URL configuration, never a path."""
    REQUESTS.labels(method, route, f"{status // 100}xx").observe(seconds)


def order_placed() -> None:
    """Count one placed order."""
    ORDERS_PLACED.inc()


def idempotency(*, outcome: str) -> None:
    """Count one request with an idempotency key by what became of it."""
    if outcome not in _OUTCOMES:
        raise ValueError(f"{outcome} is not an outcome of an idempotent request")
    IDEMPOTENCY.labels(outcome).inc()


def stock_differences(*, found: int) -> None:
    """Count what an audit of stock found. Anything but 0 is a fault of the software or of the database."""
    STOCK_DIFFERENCES.inc(found)


def feed_lag(*, reader: str, items: int) -> None:
    """Say how far `reader` (a name fixed in code) is behind in the merchant furthest behind."""
    FEED_LAG.labels(reader).set(items)


def show_measured(collector: Collector) -> None:
    """Have the page show what `collector` finds when it is asked. It runs on the platform, and should not raise."""
    _MEASURED.register(collector)


def metrics(request: HttpRequest) -> HttpResponse:
    """The page for Prometheus, on the platform's host only.

    Asks for `Authorization: Bearer <FYNLO_METRICS_TOKEN>` when one is set; in production it is always asked
    for, so without a token nobody is answered.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if not _may_read(request):
        refused = HttpResponse(status=HTTPStatus.UNAUTHORIZED, content_type="text/plain; charset=utf-8")
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    page = generate_latest(_registry()) + generate_latest(_MEASURED)
    response = HttpResponse(page, content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def _may_read(request: HttpRequest) -> bool:
    expected = settings.FYNLO_METRICS_TOKEN
    if not expected:
        return not settings.PRODUCTION
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and constant_time_compare(token, expected)


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry
