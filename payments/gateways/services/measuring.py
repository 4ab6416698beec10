"""How long nobody knows what became of a payment, over all merchants: measured by a worker, shown with the metrics.

The worker asks every merchant once a minute (one read by an index each) and keeps two figures in the cache, which
every process reads. Ten minutes after the last measuring there is no figure any more: somebody should look why.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

import structlog
from django.core.cache import cache
from django.db import transaction
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from fynlo.core import clock
from fynlo.core.tenancy import TenantLike, tenant_context
from fynlo.observability.metrics import show_measured
from payments.gateways.queries import unknown_now

log = structlog.get_logger("fynlo.payments")

_KEY: Final = "payments-unknown"
_KEPT_SECONDS: Final = 600


def measure_unknown(*, tenants: Iterable[TenantLike]) -> int:
    """Ask these merchants, and keep how many payments nobody knows of, and since when. Returns how many.

    Called on the platform. A merchant whose tables cannot be read holds up nobody else's figures.
    """
    count, oldest = 0, None
    for tenant in tenants:
        try:
            with tenant_context(tenant), transaction.atomic():
                here, since = unknown_now()
        except Exception:
            log.exception("unknown_not_measured", schema=tenant.schema_name)
            continue
        count += here
        oldest = since if oldest is None or (since is not None and since < oldest) else oldest
    cache.set(_KEY, {"count": count, "since": oldest}, _KEPT_SECONDS)
    return count


def figures(*, at: dt.datetime) -> list[GaugeMetricFamily]:
    """What was measured last, as the metrics page shows it; nothing where nobody measured lately."""
    kept = cache.get(_KEY)
    if kept is None:
        return []
    since = kept["since"]
    age = 0.0 if since is None else max((at - since).total_seconds(), 0.0)
    return [
        GaugeMetricFamily(
            "fynlo_payment_unknown",
            "Payments of which nobody knows whether they took money, over all merchants",
            value=kept["count"],
        ),
        GaugeMetricFamily(
            "fynlo_payment_unknown_oldest_seconds",
            "How long ago the oldest of them was asked for; 0 where there is none",
            value=age,
        ),
    ]


class _Measured(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of now. Without a cache there are none, and the page shows the rest."""
        try:
            yield from figures(at=clock.now())
        except Exception as error:  # noqa: BLE001  whatever ails the cache: the page is for finding that out
            log.warning("unknown_not_shown", error=type(error).__name__)


show_measured(_Measured())
