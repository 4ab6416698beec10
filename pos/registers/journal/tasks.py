"""The journals' background work."""

from celery import shared_task

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from pos.registers.journal.services.checkpoints import sign_checkpoints as sign
from pos.registers.journal.services.technical import note_software


@shared_task(base=TenantTask, name="pos.sign_checkpoints")
def sign_checkpoints() -> int:
    """Verify what came since the last checkpoint and sign it, once a day and register; note new software.

    Safe to run as often as one likes. Returns how many registers were signed.
    """
    at = clock.now()
    note_software(at=at)
    return sign(at=at)


@shared_task(base=TenantTask, name="pos.sign_checkpoints_everywhere")
def sign_checkpoints_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every hour."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        sign_checkpoints.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
