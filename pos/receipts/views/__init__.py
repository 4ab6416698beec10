"""Receipts over HTTP."""

from pos.receipts.views.orders import (
    ExplanationView,
    InvoicesView,
    ReceiptEmailsView,
    ReceiptView,
    ReprintsView,
)

__all__ = ["ExplanationView", "InvoicesView", "ReceiptEmailsView", "ReceiptView", "ReprintsView"]
