"""Keeping what vendors say, and acting on it."""

from payments.webhooks.services.forgetting import forget_payloads
from payments.webhooks.services.handling import handle_event
from payments.webhooks.services.receiving import Received, receive_for_merchant, receive_for_platform
from payments.webhooks.services.retrying import retry_event

__all__ = [
    "Received",
    "forget_payloads",
    "handle_event",
    "receive_for_merchant",
    "receive_for_platform",
    "retry_event",
]
