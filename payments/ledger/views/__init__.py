"""The books over HTTP."""

from payments.ledger.views.chart import AccountsView, AccountView, ChartsView, MappingsView
from payments.ledger.views.exports import JournalExportView
from payments.ledger.views.transfers import StatementView, TransfersView, TrialBalanceView

__all__ = [
    "AccountView",
    "AccountsView",
    "ChartsView",
    "JournalExportView",
    "MappingsView",
    "StatementView",
    "TransfersView",
    "TrialBalanceView",
]
