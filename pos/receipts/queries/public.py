"""What strangers see of a receipt: all that is on the paper they got, and of staff no more than a first name."""

from uuid import UUID

from pos.receipts.document import ReceiptDocument
from pos.receipts.errors import NotPaidYet
from pos.receipts.queries.orders import Asked, receipt_document


def public_receipt(*, kind: str, key: UUID) -> ReceiptDocument:
    """The receipt of a paid order. Raises `NotFound`, `NotPaidYet`."""
    del kind
    document = receipt_document(order_id=key, asked=Asked(is_public=True))
    if document.number == document.order:
        raise NotPaidYet("There is one when the order is paid in full.")
    return document
