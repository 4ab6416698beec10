"""Routes of the payments app, room by room."""

from django.urls import path

from payments.credit.views import HouseAccountsView, HouseAccountView
from payments.ledger.views import TransfersView, TrialBalanceView
from payments.tenders.views import StatementCsvView, StatementPdfView, StatementView

urlpatterns = [
    path("house-accounts", HouseAccountsView.as_view(), name="house-accounts"),
    path("house-accounts/<uuid:account_id>", HouseAccountView.as_view(), name="house-account"),
    path(
        "house-accounts/<uuid:account_id>/statement", StatementView.as_view(), name="house-account-statement"
    ),
    path(
        "house-accounts/<uuid:account_id>/statement/document.csv",
        StatementCsvView.as_view(),
        name="house-account-statement-csv",
    ),
    path(
        "house-accounts/<uuid:account_id>/statement/document.pdf",
        StatementPdfView.as_view(),
        name="house-account-statement-pdf",
    ),
    path("ledger/transfers", TransfersView.as_view(), name="ledger-transfers"),
    path("ledger/trial-balance", TrialBalanceView.as_view(), name="ledger-trial-balance"),
]
