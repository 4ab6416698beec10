"""Reconciling in the background: every night, after every payout, and whatever was left lying."""

from typing import Final
from uuid import UUID

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from payments.reconciliation.queries.runs import due_runs
from payments.reconciliation.services.disputing import remind_of_disputes
from payments.reconciliation.services.machines import look_at_totals
from payments.reconciliation.services.running import ask_for_runs, run_reconciliation

log = structlog.get_logger("fynlo.payments")

LONGEST: Final = 3000
"""Seconds: two weeks of a large merchant are thousands of pages at the provider. Below the broker's hour, after
which somebody else would be given the task as well."""


def begin(run_id: UUID) -> None:
    """Have a run worked on now. Called after COMMIT; never raises, for the sweep finds what was not heard."""
    try:
        reconcile_account.apply_async(kwargs={"run_id": str(run_id)})
    except OperationalError as error:
        log.warning("reconciliation_hint_failed", error=type(error).__name__)


@shared_task(base=TenantTask, name="payments.reconcile_account", for_guests=True, time_limit=LONGEST)
def reconcile_account(*, run_id: str) -> str:
    """Work on one run until it is done. Safe to run twice. Returns its state."""
    return run_reconciliation(run_id=UUID(run_id), clock=clock.now)


@shared_task(base=TenantTask, name="payments.reconcile", for_guests=True)
def reconcile() -> int:
    """Compare every account that lists its payouts, and the totals of card machines; say which disputes run out.

    Returns how many accounts.
    """
    remind_of_disputes(at=clock.now())
    look_at_totals(at=clock.now())
    runs = ask_for_runs(reason="nightly", at=clock.now())
    for key in runs:
        begin(key)
    return len(runs)


@shared_task(base=TenantTask, name="payments.reconcile_due", for_guests=True, time_limit=LONGEST)
def reconcile_due() -> int:
    """Take up runs that nobody works on, and say which disputes run out. Returns how many runs."""
    remind_of_disputes(at=clock.now())
    runs = due_runs(at=clock.now())
    for key in runs:
        try:
            run_reconciliation(run_id=key, clock=clock.now)
        except Exception:  # the database, most likely: it holds up no other account's run
            log.exception("reconciliation_failed", run=str(key))
    return len(runs)


@shared_task(base=TenantTask, name="payments.reconcile_everywhere")
def reconcile_everywhere() -> int:
    """Send `payments.reconcile` to every live merchant, suspended or not; every night. Returns to how many."""
    tenants = registry.live_tenants(for_guests=True)
    for tenant in tenants:
        reconcile.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)


@shared_task(base=TenantTask, name="payments.reconcile_due_everywhere")
def reconcile_due_everywhere() -> int:
    """Send `payments.reconcile_due` to every live merchant, suspended or not; every minute. Returns to how many."""
    tenants = registry.live_tenants(for_guests=True)
    for tenant in tenants:
        reconcile_due.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
