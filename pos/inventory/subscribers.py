"""The reader that has costs and alerts of sold goods settled, shortly after the sale and outside of it.

Those of counts of a whole shop as well (`count_closing.SETTLED_AT_ONCE`).
"""

from fynlo.core.tenancy import TenantLike
from fynlo.events.facts import FeedItem
from pos.events import StockCountClosed, StockSettingsChanged
from pos.inventory.tasks import settle_stock

READER = "stock"


def settle_what_was_sold(items: list[FeedItem], tenant: TenantLike) -> None:
    """Start the task when something was sold, a count closed, or costs are reckoned in another way from now on.

    The task looks by itself for what is due, so started twice is no harm.
    """
    del tenant
    anew = any(item.t == StockSettingsChanged.kind for item in items)
    moved = any(item.t.startswith("order.") or item.t == StockCountClosed.kind for item in items)
    if anew or moved:
        settle_stock.apply_async(kwargs={"anew": anew})
