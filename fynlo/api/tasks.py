"""Housekeeping of the API kernel."""

from celery import shared_task

from fynlo.api.stored_answers import KEPT_FOR, forget
from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry


@shared_task(base=TenantTask, name="api.forget_idempotency_keys")
def forget_idempotency_keys() -> int:
    """Delete the tenant's idempotency keys that are older than 24 hours. Returns how many."""
    return forget(before=clock.now() - KEPT_FOR)


@shared_task(base=TenantTask, name="api.forget_idempotency_keys_everywhere")
def forget_idempotency_keys_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every hour."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        forget_idempotency_keys.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
