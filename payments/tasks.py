"""The payments app's background work, room by room."""

from payments.credit import tasks as credit
from payments.gateways import tasks as gateways
from payments.reconciliation import tasks as reconciliation
from payments.webhooks import tasks as webhooks

__all__ = ["credit", "gateways", "reconciliation", "webhooks"]
