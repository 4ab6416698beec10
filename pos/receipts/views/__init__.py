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
from pos.receipts.views.values import ValueSlipView, VouchersView

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
    "ValueSlipView",
    "VouchersView",
    "XReceiptView",
]
