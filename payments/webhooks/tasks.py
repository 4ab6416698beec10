"""What vendors said is acted on in the background; a sweep takes what no task heard of."""

from uuid import UUID

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from payments.webhooks.queries import due_events
from payments.webhooks.services.forgetting import forget_payloads
from payments.webhooks.services.handling import handle_event
from payments.webhooks.services.simulated import ring_simulator

log = structlog.get_logger("fynlo.payments")


def announce(event_id: UUID, *, schema: str = "") -> None:
    """Have an event handled now. Called after COMMIT; never raises, for the sweep finds what was not heard."""
    headers = {HEADER: schema} if schema else {}
    try:
        handle_inbound.apply_async(kwargs={"event_id": str(event_id)}, headers=headers)
    except OperationalError as error:
        log.warning("webhook_hint_failed", error=type(error).__name__)


@shared_task(base=TenantTask, name="payments.handle_inbound", for_guests=True)
def handle_inbound(*, event_id: str) -> str:
    """Act on one event. Safe to run twice. Returns its state, "" when there is no such event."""
    return handle_event(event_id=UUID(event_id), at=clock.now())


@shared_task(base=TenantTask, name="payments.handle_inbound_due", for_guests=True)
def handle_inbound_due() -> int:
    """Let the simulator ring, and act on every event that is due. Returns how many."""
    at = clock.now()
    keys = list(dict.fromkeys([*ring_simulator(at=at), *due_events(at=at)]))
    for key in keys:
        handle_event(event_id=key, at=clock.now())
    return len(keys)


@shared_task(base=TenantTask, name="payments.handle_inbound_due_everywhere")
def handle_inbound_due_everywhere() -> int:
    """Send the task above to every live merchant, suspended or not; every half minute. Returns to how many."""
    tenants = registry.live_tenants(for_guests=True)
    for tenant in tenants:
        handle_inbound_due.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)


@shared_task(base=TenantTask, name="payments.forget_inbound", for_guests=True)
def forget_inbound() -> int:
    """Empty what was acted on a month ago. Returns how many events."""
    return forget_payloads(at=clock.now())


@shared_task(base=TenantTask, name="payments.forget_inbound_everywhere")
def forget_inbound_everywhere() -> int:
    """Send the task above to every live merchant, suspended or not; once a night. Returns to how many."""
    tenants = registry.live_tenants(for_guests=True)
    for tenant in tenants:
        forget_inbound.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
