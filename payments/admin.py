"""The payments app's tables in the back office, room by room."""

from payments.credit import admin as credit
from payments.gateways import admin as gateways
from payments.ledger import admin as ledger
from payments.tenders import admin as tenders

__all__ = ["credit", "gateways", "ledger", "tenders"]
