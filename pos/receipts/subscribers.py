"""The reader that has receipts sent, shortly after they were asked for."""

from fynlo.core.tenancy import TenantLike
from fynlo.events.facts import FeedItem
from pos.events import ReceiptEmailRequested
from pos.receipts.tasks import send_receipt

READER = "receipts"


def send_what_was_asked_for(items: list[FeedItem], tenant: TenantLike) -> None:
    """Start a task for each letter. One that was started before finds that it was sent."""
    del tenant
    for item in items:
        if item.t != ReceiptEmailRequested.kind or item.data is None:
            continue
        send_receipt.apply_async(
            kwargs={
                "letter_id": str(item.id),
                "order_id": item.data["order_id"],
                "sealed_to": item.data["sealed_to"],
                "origin": item.data["origin"],
                "position": item.seq,
            }
        )
