"""Reconciling in the back office: accounts, runs with what does not agree, payouts, disputes."""

from payments.reconciliation.admin import differences_page, dispute_pages, overview, payout_page, run_page

__all__ = ["differences_page", "dispute_pages", "overview", "payout_page", "run_page"]
