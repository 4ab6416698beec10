"""The tables of the payments app, room by room."""

from payments.credit.models import HouseAccount
from payments.gateways.models import Attempt, AttemptStep, Connection, GatewayRefund, Reader
from payments.ledger.models import Account, Transfer
from payments.tenders.models import Payment, Refund, TenderType

__all__ = [
    "Account",
    "Attempt",
    "AttemptStep",
    "Connection",
    "GatewayRefund",
    "HouseAccount",
    "Payment",
    "Reader",
    "Refund",
    "TenderType",
    "Transfer",
]
