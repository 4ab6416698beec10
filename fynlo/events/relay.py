"""The relay: hands every tenant's log to every reader, woken by nudges and by a sweep that needs none.

One thread listens and sweeps; each reader has a thread of its own, so a slow or failing one delays nobody.
Nothing here decides what is delivered: that is the cursor's business (`fynlo.events.delivery`). Killed at any
moment, a relay loses nothing; two of them at once hand nothing out at the same time.
"""

import threading
import time
from collections.abc import Callable, Iterable

import structlog
from django.db import close_old_connections

from fynlo.core.database import is_outage
from fynlo.core.tenancy import TenantLike, leave, registry, run_in_tenant
from fynlo.events import metrics
from fynlo.events.agenda import Agenda
from fynlo.events.broker import BrokerError
from fynlo.events.delivery import IDLE, Delivery, deliver, lag
from fynlo.events.ear import Ear
from fynlo.events.subscriptions import Subscription
from fynlo.observability.metrics import feed_lag

log = structlog.get_logger("fynlo.relay")

LONGEST_WAIT = 0.5
"""Seconds a thread sleeps at most before it looks whether it should stop."""
_REFRESH_SECONDS = 1.0


class Directory:
    """The live tenants as of the last look; asked again for an unknown one, at most once a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tenants: dict[str, TenantLike] = {}
        self._read_at = -_REFRESH_SECONDS

    def refresh(self) -> list[str]:
        """Read the registry and return the live schemas."""
        tenants = {tenant.schema_name: tenant for tenant in registry.live_tenants()}
        with self._lock:
            self._tenants, self._read_at = tenants, time.monotonic()
        return list(tenants)

    def find(self, schema: str) -> TenantLike | None:
        """The live tenant with this schema, or None."""
        with self._lock:
            tenant, age = self._tenants.get(schema), time.monotonic() - self._read_at
        if tenant is None and age >= _REFRESH_SECONDS:
            self.refresh()
            with self._lock:
                tenant = self._tenants.get(schema)
        return tenant


class Reader(threading.Thread):
    """One reader's thread: takes the next tenant of its agenda and delivers one page."""

    def __init__(
        self, subscription: Subscription, *, directory: Directory, stopping: threading.Event
    ) -> None:
        super().__init__(name=f"reader-{subscription.name}", daemon=True)
        self._subscription = subscription
        self._directory = directory
        self._stopping = stopping
        self._agenda = Agenda()
        self._news = threading.Condition()
        self._lags: dict[str, int] = {}

    def offer(self, schemas: Iterable[str]) -> None:
        """Have these tenants looked at."""
        now = time.monotonic()
        with self._news:
            for schema in schemas:
                self._agenda.offer(schema, now=now)
            self._news.notify()

    def run(self) -> None:
        """Deliver until the relay stops."""
        while not self._stopping.is_set():
            with self._news:
                schema = self._agenda.next(now=time.monotonic())
                if schema is None:
                    pause = self._agenda.wait(now=time.monotonic())
                    self._news.wait(LONGEST_WAIT if pause is None else min(pause, LONGEST_WAIT))
                    continue
            self._serve(schema)

    def _serve(self, schema: str) -> None:
        try:
            delivery = self._deliver(schema)
        except Exception as error:  # noqa: BLE001  one tenant's failure is logged, counted and tried again
            self._failed(schema, error)
        else:
            with self._news:
                self._agenda.succeeded(schema, now=time.monotonic(), again=delivery.again)
            metrics.delivered.labels(self._subscription.name).inc(delivery.count)
        finally:
            self._report()
            leave()
            close_old_connections()  # drops a broken connection, and one that has reached its age

    def _deliver(self, schema: str) -> Delivery:
        tenant = self._directory.find(schema)
        if tenant is None:
            self._lags.pop(schema, None)
            return IDLE
        return run_in_tenant(tenant, self._next_page, schema)

    def _next_page(self, schema: str) -> Delivery:
        """Look first, without a transaction or a lock: most tenants of a sweep have nothing new."""
        self._lags[schema] = lag(reader=self._subscription.name)
        if not self._lags[schema]:
            return IDLE
        with metrics.page_seconds.labels(self._subscription.name).time():
            delivery = deliver(subscription=self._subscription)
        self._lags[schema] = max(0, self._lags[schema] - delivery.count)
        return delivery

    def _failed(self, schema: str, error: Exception) -> None:
        outage = is_outage(error) or isinstance(error, BrokerError)
        with self._news:
            pause = self._agenda.failed(schema, now=time.monotonic(), outage=outage)
        metrics.failures.labels(self._subscription.name).inc()
        log.error(
            "reader_failed",
            reader=self._subscription.name,
            schema=schema,
            seconds=pause,
            error=type(error).__name__,
            exc_info=None if outage else error,
        )

    def _report(self) -> None:
        name = self._subscription.name
        metrics.failing_tenants.labels(name).set(len(self._agenda.failing))
        feed_lag(reader=name, items=max(self._lags.values(), default=0))


class Relay:
    """`run()` blocks until `stop()`; see the module's text."""

    def __init__(
        self,
        *,
        subscriptions: Iterable[Subscription],
        sweep_seconds: float,
        ear: Ear,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stopping = threading.Event()
        self._directory = Directory()
        self._readers = [
            Reader(each, directory=self._directory, stopping=self._stopping) for each in subscriptions
        ]
        self._sweep_seconds = sweep_seconds
        self._ear = ear
        self._clock = clock

    def stop(self) -> None:
        """Finish the pages in hand and return from `run`; safe to call from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Listen and sweep until stopped."""
        for reader in self._readers:
            reader.start()
        next_sweep = self._clock()
        try:
            while not self._stopping.is_set():
                if self._clock() >= next_sweep:
                    next_sweep = self._clock() + self._sweep()
                heard = self._ear.listen(seconds=min(LONGEST_WAIT, max(0.0, next_sweep - self._clock())))
                if heard.reconnected:
                    next_sweep = self._clock()  # nudges were lost meanwhile
                if heard.schemas:
                    self._offer(heard.schemas)
        finally:
            self._stopping.set()
            self._ear.close()
            for reader in self._readers:
                reader.join()

    def _sweep(self) -> float:
        """Offer every live tenant to every reader; return the seconds until the next sweep."""
        try:
            self._offer(self._directory.refresh())
        except Exception as error:  # noqa: BLE001  a database that is away comes back; the relay stays
            metrics.sweeps.labels("failed").inc()
            log.error("sweep_failed", error=type(error).__name__, reason=str(error))  # noqa: TRY400
            return min(1.0, self._sweep_seconds)
        else:
            metrics.sweeps.labels("done").inc()
            return self._sweep_seconds
        finally:
            leave()
            close_old_connections()

    def _offer(self, schemas: Iterable[str]) -> None:
        listed = list(schemas)
        for reader in self._readers:
            reader.offer(listed)
