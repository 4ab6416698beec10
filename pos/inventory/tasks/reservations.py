"""Reservations whose time is over are let go by a sweep."""

from celery import shared_task

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from pos.inventory.services.reservation_ends import expire_reservations


@shared_task(base=TenantTask, name="pos.release_reservations")
def release_reservations() -> int:
    """Let go what was kept until now. Returns how many reservations; safe to run twice and beside sales."""
    return expire_reservations(at=clock.now())


@shared_task(base=TenantTask, name="pos.release_reservations_everywhere")
def release_reservations_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every minute."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        release_reservations.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
