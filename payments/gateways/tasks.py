"""Money whose fate is open is looked up in the background; so are accounts."""

from uuid import UUID

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from fynlo.core import clock
from fynlo.core.errors import NotFound
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from payments.gateways.base import GatewayFailure, OutcomeUnknown
from payments.gateways.queries import accounts_in_use
from payments.gateways.services import check_connection, look_at_attempt, resolve_due, send_refund
from payments.gateways.services.measuring import measure_unknown

log = structlog.get_logger("fynlo.payments")


def hint_look(attempt_id: UUID) -> None:
    """Have an attempt looked at now. Called after COMMIT; never raises, for the sweep looks anyway."""
    _hint("payments.look_at_attempt", attempt_id=str(attempt_id))


def hint_refund(refund_id: UUID) -> None:
    """Have a refund sent now. Called after COMMIT; never raises, for the sweep sends it anyway."""
    _hint("payments.send_refund", refund_id=str(refund_id))


@shared_task(base=TenantTask, name="payments.look_at_attempt", for_guests=True)
def look_at(*, attempt_id: str) -> str:
    """Read the vendor's truth about an attempt. Safe to run twice. Returns its state, nothing if there is none."""
    try:
        return look_at_attempt(attempt_id=UUID(attempt_id), at=clock.now()).state
    except NotFound:
        return ""


@shared_task(base=TenantTask, name="payments.send_refund", for_guests=True)
def send(*, refund_id: str) -> str:
    """Send a refund, or ask what became of it. Safe to run twice. Returns its state, nothing if there is none."""
    try:
        return send_refund(refund_id=UUID(refund_id), at=clock.now()).state
    except NotFound:
        return ""


@shared_task(base=TenantTask, name="payments.resolve_attempts", for_guests=True)
def resolve_attempts() -> int:
    """Look at everything that is due. Safe to run twice. Returns how many attempts and refunds were looked at."""
    return resolve_due(at=clock.now())


@shared_task(base=TenantTask, name="payments.resolve_attempts_everywhere")
def resolve_attempts_everywhere() -> int:
    """Send the task above to every live merchant, suspended or not; every ten seconds. Returns to how many."""
    tenants = registry.live_tenants(for_guests=True)
    for tenant in tenants:
        resolve_attempts.apply_async(headers={HEADER: tenant.schema_name}, expires=60)
    return len(tenants)


@shared_task(base=TenantTask, name="payments.check_connections", for_guests=True)
def check_connections() -> int:
    """Ask every account in use what it can do; an owner whose account is lost is told once. Returns how many."""
    asked = accounts_in_use()
    for key in asked:
        try:
            check_connection(connection_id=key, at=clock.now())
        except (GatewayFailure, OutcomeUnknown) as failure:
            log.info("connection_not_checked", connection=str(key), error=type(failure).__name__)
    return len(asked)


@shared_task(base=TenantTask, name="payments.check_connections_everywhere")
def check_connections_everywhere() -> int:
    """Send the task above to every live merchant, suspended or not; every half hour. Returns to how many."""
    tenants = registry.live_tenants(for_guests=True)
    for tenant in tenants:
        check_connections.apply_async(headers={HEADER: tenant.schema_name}, expires=1800)
    return len(tenants)


@shared_task(base=TenantTask, name="payments.measure_unknown_everywhere")
def measure_unknown_everywhere() -> int:
    """Keep for the metrics how many payments nobody knows of, and since when; every minute. Returns how many."""
    return measure_unknown(tenants=registry.live_tenants(for_guests=True))


def _hint(name: str, **values: str) -> None:
    task = {"payments.look_at_attempt": look_at, "payments.send_refund": send}[name]
    try:
        task.apply_async(kwargs=values)
    except OperationalError as error:
        log.warning("payment_hint_failed", task=name, error=type(error).__name__)
