"""Comparing with vendors, one story per file."""

from payments.reconciliation.services.disputing import refresh_disputes, remind_of_disputes
from payments.reconciliation.services.evidence import submit_evidence
from payments.reconciliation.services.machines import MachineDraft, enter_machine_total, look_at_totals
from payments.reconciliation.services.resolving import resolve_difference
from payments.reconciliation.services.running import ask_for_run, ask_for_runs, run_reconciliation

__all__ = [
    "MachineDraft",
    "ask_for_run",
    "ask_for_runs",
    "enter_machine_total",
    "look_at_totals",
    "refresh_disputes",
    "remind_of_disputes",
    "resolve_difference",
    "run_reconciliation",
    "submit_evidence",
]
