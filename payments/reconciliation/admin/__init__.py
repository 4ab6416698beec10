"""Reconciling in the back office: accounts, runs, what does not agree, payouts, disputes, and all that waits."""

from payments.reconciliation.admin import (
    differences_page,
    dispute_pages,
    overview,
    payout_page,
    run_page,
    waiting,
)

__all__ = ["differences_page", "dispute_pages", "overview", "payout_page", "run_page", "waiting"]
