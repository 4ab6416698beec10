"""The tables of the payments app, room by room."""

from payments.credit.models import HouseAccount, StoredValue, ValueActivity, ValueImport, ValueReservation
from payments.gateways.models import Attempt, AttemptSignature, AttemptStep, Connection, GatewayRefund, Reader
from payments.gateways.simulator.models import SimulatedObject
from payments.ledger.models import Account, Transfer
from payments.reconciliation.models import (
    Difference,
    Dispute,
    MachineTotal,
    Payout,
    Reconciliation,
    SettlementLine,
)
from payments.tenders.models import Payment, Refund, TenderType
from payments.webhooks.models import InboundEvent

__all__ = [
    "Account",
    "Attempt",
    "AttemptSignature",
    "AttemptStep",
    "Connection",
    "Difference",
    "Dispute",
    "GatewayRefund",
    "HouseAccount",
    "InboundEvent",
    "MachineTotal",
    "Payment",
    "Payout",
    "Reader",
    "Reconciliation",
    "Refund",
    "SettlementLine",
    "SimulatedObject",
    "StoredValue",
    "TenderType",
    "Transfer",
    "ValueActivity",
    "ValueImport",
    "ValueReservation",
]
