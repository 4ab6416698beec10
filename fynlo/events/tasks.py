"""Background tasks of the log."""

from celery import shared_task

from fynlo.core.tasks import TenantTask
from fynlo.events.delivery import deliver
from fynlo.events.subscriptions import subscription


@shared_task(base=TenantTask, name="events.catch_up")
def catch_up(*, reader: str, pages: int = 100) -> int:
    """Hand one reader what it has not read of this tenant yet, at most `pages` pages; returns how many items.

    For an operator who does not want to wait for the relay after repairing a reader. Shares the cursor's lock
    with the relay, so it may run beside it and twice.
    """
    count = 0
    for _ in range(pages):
        delivery = deliver(subscription=subscription(reader))
        count += delivery.count
        if not delivery.again:
            break
    return count
