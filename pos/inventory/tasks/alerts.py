"""What expires and dies while nothing moves."""

from celery import shared_task

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from pos.inventory.services.alerts import watch_all


@shared_task(base=TenantTask, name="pos.watch_expiry")
def watch_expiry() -> int:
    """Raise and clear every alert that time made true, each location by its own day. Returns how many.

    Safe to run twice and beside itself: an alert that is open is not raised again.
    """
    return sum(watch_all(at=clock.now()))


@shared_task(base=TenantTask, name="pos.watch_expiry_everywhere")
def watch_expiry_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every hour.

    Every hour, because trading days begin at other hours in other places, and each begins once.
    """
    tenants = registry.live_tenants()
    for tenant in tenants:
        watch_expiry.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
