"""The reader that has what was sold signed by the merchant's signing unit, where there is one."""

from fynlo.core.tenancy import TenantLike
from fynlo.events.facts import FeedItem
from pos.registers.journal.tasks import sign_receipts
from pos.registers.journal.units import unit_name

READER = "signing"


def sign_what_was_sold(items: list[FeedItem], tenant: TenantLike) -> None:
    """Start the task when something happened to an order and the merchant has a unit.

    The task looks by itself for what is due, and calls the unit outside of this transaction.
    """
    del tenant
    if any(item.t.startswith("order.") for item in items) and unit_name() is not None:
        sign_receipts.apply_async()
