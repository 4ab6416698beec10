"""What strangers see of a receipt: all that is on the paper they got, and of staff no more than a first name."""

from uuid import UUID

from pos.receipts import links
from pos.receipts.document import ReceiptDocument
from pos.receipts.errors import NotPaidYet
from pos.receipts.queries.orders import Asked, receipt_document
from pos.receipts.queries.refunds import refund_receipt


def public_receipt(*, kind: str, key: UUID) -> ReceiptDocument:
    """The receipt of a paid order, or of a refund. Raises `NotFound`, `NotPaidYet`."""
    asked = Asked(is_public=True)
    if kind == links.REFUND:
        return refund_receipt(refund_id=key, asked=asked)
    document = receipt_document(order_id=key, asked=asked)
    if document.number == document.order:
        raise NotPaidYet("There is one when the order is paid in full.")
    return document
