"""The nightly audit of stock."""

from celery import shared_task

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from pos.inventory.services.audit import audit


@shared_task(base=TenantTask, name="pos.audit_stock")
def audit_stock() -> int:
    """Compare every level with what it is the sum of, and say loudly where they differ. Returns how many do."""
    return len(audit(at=clock.now()).differences)


@shared_task(base=TenantTask, name="pos.audit_stock_everywhere")
def audit_stock_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every night."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        audit_stock.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
