"""The tables of the payments app, room by room."""

from payments.ledger.models import Account, Transfer
from payments.tenders.models import Payment, TenderType

__all__ = ["Account", "Payment", "TenderType", "Transfer"]
