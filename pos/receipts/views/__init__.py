"""Receipts over HTTP."""

from pos.receipts.views.orders import (
    ExplanationView,
    InvoicesView,
    ReceiptEmailsView,
    ReceiptView,
    ReprintsView,
)
from pos.receipts.views.sheets import (
    ClosingReceiptView,
    MovementSlipView,
    RefundReceiptView,
    StatementReceiptView,
    TrainingReceiptView,
    XReceiptView,
)

__all__ = [
    "ClosingReceiptView",
    "ExplanationView",
    "InvoicesView",
    "MovementSlipView",
    "ReceiptEmailsView",
    "ReceiptView",
    "RefundReceiptView",
    "ReprintsView",
    "StatementReceiptView",
    "TrainingReceiptView",
    "XReceiptView",
]
