"""Routes of the sync app, below `/api/v1/`."""

from django.urls import path

from sync.terminals.views import OwnTerminalView, PairingCodesView, PairView, RevokeView, TerminalsView

urlpatterns = [
    path("terminals", TerminalsView.as_view(), name="terminals"),
    path("terminals/me", OwnTerminalView.as_view(), name="terminal-me"),
    path("terminals/pair", PairView.as_view(), name="terminal-pair"),
    path("terminals/pairing-codes", PairingCodesView.as_view(), name="terminal-pairing-codes"),
    path("terminals/<uuid:terminal_id>/revoke", RevokeView.as_view(), name="terminal-revoke"),
]
