"""The tables of the payments app, room by room."""

from payments.credit.models import HouseAccount
from payments.ledger.models import Account, Transfer
from payments.tenders.models import Payment, Refund, TenderType

__all__ = ["Account", "HouseAccount", "Payment", "Refund", "TenderType", "Transfer"]
