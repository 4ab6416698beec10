"""Routes of the payments app, room by room."""

from django.urls import path

from payments.ledger.views import TransfersView, TrialBalanceView

urlpatterns = [
    path("ledger/transfers", TransfersView.as_view(), name="ledger-transfers"),
    path("ledger/trial-balance", TrialBalanceView.as_view(), name="ledger-trial-balance"),
]
