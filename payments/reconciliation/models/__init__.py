"""The tables of reconciliation: runs, payouts with their lines, differences, disputes, totals of card machines."""

from payments.reconciliation.models.differences import Difference
from payments.reconciliation.models.disputes import Dispute
from payments.reconciliation.models.machines import MachineTotal
from payments.reconciliation.models.payouts import Payout, SettlementLine
from payments.reconciliation.models.runs import Reconciliation

__all__ = ["Difference", "Dispute", "MachineTotal", "Payout", "Reconciliation", "SettlementLine"]
