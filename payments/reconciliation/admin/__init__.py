"""Reconciling in the back office: accounts, runs with what does not agree, payouts, disputes."""

from payments.reconciliation.admin import dispute_pages, overview, payout_page, run_page

__all__ = ["dispute_pages", "overview", "payout_page", "run_page"]
