"""Routes of the payments app, room by room."""

from django.urls import path

from payments.credit import views as credit
from payments.credit.views import HouseAccountsView, HouseAccountView
from payments.gateways.stripe.views import (
    OnboardingView,
    ReaderCodesView,
    ReaderRefreshView,
    WalletHostsView,
)
from payments.gateways.views import (
    AttemptsView,
    AttemptView,
    CancelView,
    CaptureView,
    CheckView,
    ConnectionsView,
    ConnectionView,
    IncrementView,
    LookView,
    OverrideView,
    PresentView,
    ReadersView,
    RefundRetryView,
    RefundSettleView,
    SignatureView,
)
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
from payments.reconciliation import views as reconciliation
from payments.tenders.views import StatementCsvView, StatementPdfView, StatementView

urlpatterns = [
    path("reconciliations", reconciliation.ReconciliationsView.as_view(), name="reconciliations"),
    path("payouts", reconciliation.PayoutsView.as_view(), name="payouts"),
    path("payouts/<uuid:payout_id>", reconciliation.PayoutView.as_view(), name="payout"),
    path(
        "reconciliation-differences",
        reconciliation.DifferencesView.as_view(),
        name="reconciliation-differences",
    ),
    path(
        "reconciliation-differences/<uuid:difference_id>/resolve",
        reconciliation.ResolveDifferenceView.as_view(),
        name="reconciliation-difference-resolve",
    ),
    path("disputes", reconciliation.DisputesView.as_view(), name="disputes"),
    path(
        "disputes/<uuid:dispute_id>/evidence", reconciliation.EvidenceView.as_view(), name="dispute-evidence"
    ),
    path("machine-totals", reconciliation.MachineTotalsView.as_view(), name="machine-totals"),
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
    path("gift-cards/lookup", credit.LookupView.as_view(), name="gift-card-lookup"),
    path("gift-cards/transfers", credit.TransfersView.as_view(), name="gift-card-transfers"),
    path("gift-cards/imports", credit.ImportsView.as_view(), name="gift-card-imports"),
    path(
        "gift-cards/imports/<uuid:value_import_id>/reversal",
        credit.ImportReversalView.as_view(),
        name="gift-card-import-reversal",
    ),
    path(
        "gift-cards/reservations/<uuid:value_reservation_id>/release",
        credit.ReleaseView.as_view(),
        name="gift-card-release",
    ),
    path("gift-cards/<uuid:value_id>", credit.StoredValueView.as_view(), name="gift-card"),
    path(
        "gift-cards/<uuid:value_id>/activities", credit.ActivitiesView.as_view(), name="gift-card-activities"
    ),
    path("gift-cards/<uuid:value_id>/code", credit.CodeView.as_view(), name="gift-card-code"),
    path("gift-cards/<uuid:value_id>/steps", credit.StepsView.as_view(), name="gift-card-steps"),
    path(
        "gift-cards/<uuid:value_id>/reservations",
        credit.ReservationsView.as_view(),
        name="gift-card-reservations",
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
    path("payment-attempts", AttemptsView.as_view(), name="payment-attempts"),
    path("payment-attempts/<uuid:attempt_id>", AttemptView.as_view(), name="payment-attempt"),
    path("payment-attempts/<uuid:attempt_id>/look", LookView.as_view(), name="payment-attempt-look"),
    path("payment-attempts/<uuid:attempt_id>/cancel", CancelView.as_view(), name="payment-attempt-cancel"),
    path("payment-attempts/<uuid:attempt_id>/capture", CaptureView.as_view(), name="payment-attempt-capture"),
    path(
        "payment-attempts/<uuid:attempt_id>/increment",
        IncrementView.as_view(),
        name="payment-attempt-increment",
    ),
    path("payment-attempts/<uuid:attempt_id>/present", PresentView.as_view(), name="payment-attempt-present"),
    path(
        "payment-attempts/<uuid:attempt_id>/signature",
        SignatureView.as_view(),
        name="payment-attempt-signature",
    ),
    path(
        "payment-attempts/<uuid:attempt_id>/override", OverrideView.as_view(), name="payment-attempt-override"
    ),
    path(
        "payment-attempts/<uuid:attempt_id>/keep-as-credit",
        credit.KeepAsCreditView.as_view(),
        name="payment-attempt-keep-as-credit",
    ),
    path("payment-connections", ConnectionsView.as_view(), name="payment-connections"),
    path("payment-connections/<uuid:connection_id>", ConnectionView.as_view(), name="payment-connection"),
    path(
        "payment-connections/<uuid:connection_id>/check", CheckView.as_view(), name="payment-connection-check"
    ),
    path("payment-connections/stripe", OnboardingView.as_view(), name="stripe-onboarding"),
    path(
        "payment-connections/<uuid:connection_id>/reader-codes",
        ReaderCodesView.as_view(),
        name="stripe-reader-codes",
    ),
    path(
        "payment-connections/<uuid:connection_id>/readers/refresh",
        ReaderRefreshView.as_view(),
        name="stripe-readers-refresh",
    ),
    path(
        "payment-connections/<uuid:connection_id>/wallet-hosts",
        WalletHostsView.as_view(),
        name="stripe-wallet-hosts",
    ),
    path(
        "payment-refunds/<uuid:gateway_refund_id>/retry",
        RefundRetryView.as_view(),
        name="payment-refund-retry",
    ),
    path(
        "payment-refunds/<uuid:gateway_refund_id>/settle",
        RefundSettleView.as_view(),
        name="payment-refund-settle",
    ),
    path("payment-readers", ReadersView.as_view(), name="payment-readers"),
]
