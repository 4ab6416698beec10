"""The reader that has costs and alerts of sold goods settled, shortly after the sale and outside of it."""

from fynlo.core.tenancy import TenantLike
from fynlo.events.facts import FeedItem
from pos.inventory.tasks import settle_stock

READER = "stock"


def settle_what_was_sold(items: list[FeedItem], tenant: TenantLike) -> None:
    """Start the task when something was sold; it looks by itself for what is due, so twice is no harm."""
    del tenant
    if any(item.t.startswith("order.") for item in items):
        settle_stock.apply_async()
