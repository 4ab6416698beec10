"""The payments app's tables in the back office, room by room."""

from payments.credit import admin as credit
from payments.gateways import admin as gateways
from payments.gateways.stripe import admin as stripe
from payments.ledger import admin as ledger
from payments.reconciliation import admin as reconciliation
from payments.tenders import admin as tenders
from payments.webhooks import admin as webhooks

__all__ = ["credit", "gateways", "ledger", "reconciliation", "stripe", "tenders", "webhooks"]
