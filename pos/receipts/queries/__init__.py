"""What papers say, from what is stored."""

from pos.receipts.queries.orders import Asked, receipt_document

__all__ = ["Asked", "receipt_document"]
