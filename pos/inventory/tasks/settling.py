"""What sales left to settle: woken by the feed after a sale, and by a sweep that needs nobody."""

from celery import shared_task

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from pos.inventory.services.settling import settle_all, settle_anew


@shared_task(base=TenantTask, name="pos.settle_stock")
def settle_stock(*, anew: bool = False) -> int:
    """Settle the costs of whatever moved, and tell the feed what the levels are now. Returns how many streams.

    `anew` also looks for what was settled by another cost method than the merchant's. Safe to run twice and beside
    itself and sales: each batch is a unit of work, and what another one has is passed over.
    """
    at = clock.now()
    count = sum(len(batch.places) for batch in settle_all(at=at))
    return count + (sum(len(batch.places) for batch in settle_anew(at=at)) if anew else 0)


@shared_task(base=TenantTask, name="pos.settle_stock_everywhere")
def settle_stock_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every five minutes."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        settle_stock.apply_async(kwargs={"anew": True}, headers={HEADER: tenant.schema_name})
    return len(tenants)
