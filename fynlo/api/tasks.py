"""Housekeeping of the API kernel."""

from celery import shared_task

from fynlo.api.stored_answers import KEPT_FOR, forget
from fynlo.core import clock
from fynlo.core.tasks import TenantTask


@shared_task(base=TenantTask, name="api.forget_idempotency_keys")
def forget_idempotency_keys() -> int:
    """Delete the tenant's idempotency keys that are older than 24 hours. Returns how many."""
    return forget(before=clock.now() - KEPT_FOR)
