"""Reservations of gift cards end, cards lapse, and every night balances, activities and books are compared."""

import structlog
from celery import shared_task

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from payments.credit.queries.values_audit import value_differences
from payments.credit.services import expire_reservations, lapse_values

log = structlog.get_logger("fynlo.gift_cards")


@shared_task(base=TenantTask, name="payments.release_gift_cards")
def release_gift_cards() -> int:
    """Let go what was kept for tills until now. Returns how many; safe to run twice and beside sales."""
    return expire_reservations(at=clock.now())


@shared_task(base=TenantTask, name="payments.lapse_gift_cards")
def lapse_gift_cards() -> int:
    """Close cards whose last day is over, then look whether everything agrees. Returns how many were closed."""
    closed = lapse_values(at=clock.now())
    for each in value_differences():
        log.error(
            "gift_cards_differ",
            what=each.what,
            account_id=None if each.account_id is None else str(each.account_id),
            kept_minor=each.kept_minor,
            found_minor=each.found_minor,
        )
    return closed


@shared_task(base=TenantTask, name="payments.release_gift_cards_everywhere")
def release_gift_cards_everywhere() -> int:
    """Send the first task to every live merchant. Returns to how many; beat starts it every minute."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        release_gift_cards.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)


@shared_task(base=TenantTask, name="payments.lapse_gift_cards_everywhere")
def lapse_gift_cards_everywhere() -> int:
    """Send the second task to every live merchant. Returns to how many; beat starts it every night."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        lapse_gift_cards.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
