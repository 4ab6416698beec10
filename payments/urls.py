"""Routes of the payments app, room by room."""

from django.urls import path

from payments.credit.views import HouseAccountsView, HouseAccountView
from payments.ledger.views import (
    AccountsView,
    AccountView,
    ChartsView,
    JournalExportView,
    MappingsView,
    TransfersView,
    TrialBalanceView,
)
from payments.ledger.views import StatementView as AccountStatementView
from payments.tenders.views import StatementCsvView, StatementPdfView, StatementView

urlpatterns = [
    path("house-accounts", HouseAccountsView.as_view(), name="house-accounts"),
    path("house-accounts/<uuid:house_id>", HouseAccountView.as_view(), name="house-account"),
    path("house-accounts/<uuid:house_id>/statement", StatementView.as_view(), name="house-account-statement"),
    path(
        "house-accounts/<uuid:house_id>/statement/document.csv",
        StatementCsvView.as_view(),
        name="house-account-statement-csv",
    ),
    path(
        "house-accounts/<uuid:house_id>/statement/document.pdf",
        StatementPdfView.as_view(),
        name="house-account-statement-pdf",
    ),
    path("ledger/accounts", AccountsView.as_view(), name="ledger-accounts"),
    path("ledger/accounts/<uuid:ledger_account_id>", AccountView.as_view(), name="ledger-account"),
    path(
        "ledger/accounts/<uuid:ledger_account_id>/statement",
        AccountStatementView.as_view(),
        name="ledger-account-statement",
    ),
    path("ledger/charts", ChartsView.as_view(), name="ledger-charts"),
    path("ledger/exports", JournalExportView.as_view(), name="ledger-exports"),
    path("ledger/mappings", MappingsView.as_view(), name="ledger-mappings"),
    path("ledger/transfers", TransfersView.as_view(), name="ledger-transfers"),
    path("ledger/trial-balance", TrialBalanceView.as_view(), name="ledger-trial-balance"),
]
