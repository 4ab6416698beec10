"""The reader that has closed registers signed, and what was sold, where the merchant has a signing unit."""

from fynlo.core.tenancy import TenantLike
from fynlo.events.facts import FeedItem
from pos.events import RegisterClosed
from pos.registers.journal.tasks import sign_checkpoints, sign_receipts
from pos.registers.journal.units import unit_name

READER = "journal"


def sign_what_was_told(items: list[FeedItem], tenant: TenantLike) -> None:
    """Start the tasks; they look by themselves for what is due, and do it outside of this transaction.

    A signature is no part of closing: a drawer closes also when nothing can be signed.
    """
    del tenant
    closed = {item.data["register"]["id"] for item in items if item.t == RegisterClosed.kind and item.data}
    if closed:
        sign_checkpoints.apply_async(kwargs={"closed": sorted(closed)})
    if any(item.t.startswith("order.") for item in items) and unit_name() is not None:
        sign_receipts.apply_async()
