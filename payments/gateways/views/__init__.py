"""Attempts, accounts at vendors and card readers over HTTP."""

from payments.gateways.views.attempts import (
    AttemptsView,
    AttemptView,
    CancelView,
    CaptureView,
    IncrementView,
    LookView,
    OverrideView,
    PresentView,
)
from payments.gateways.views.connections import CheckView, ConnectionsView, ConnectionView, ReadersView
from payments.gateways.views.refunds import RefundRetryView, RefundSettleView
from payments.gateways.views.signatures import SignatureView

__all__ = [
    "AttemptView",
    "AttemptsView",
    "CancelView",
    "CaptureView",
    "CheckView",
    "ConnectionView",
    "ConnectionsView",
    "IncrementView",
    "LookView",
    "OverrideView",
    "PresentView",
    "ReadersView",
    "RefundRetryView",
    "RefundSettleView",
    "SignatureView",
]
