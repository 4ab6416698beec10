"""What papers say, from what is stored."""

from pos.receipts.queries.closings import closing_sheet, x_sheet
from pos.receipts.queries.orders import Asked, receipt_document
from pos.receipts.queries.refunds import refund_receipt
from pos.receipts.queries.slips import drawer_slip
from pos.receipts.queries.statements import statement_sheet
from pos.receipts.queries.trainings import training_receipt
from pos.receipts.queries.value_slips import value_slip

__all__ = [
    "Asked",
    "closing_sheet",
    "drawer_slip",
    "receipt_document",
    "refund_receipt",
    "statement_sheet",
    "training_receipt",
    "value_slip",
    "x_sheet",
]
