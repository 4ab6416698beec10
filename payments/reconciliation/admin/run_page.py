"""One run: zero differences, or each of them with the actions beside it."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.errors import NotFound
from payments.reconciliation import states
from payments.reconciliation.actions import KINDS
from payments.reconciliation.admin.shown import (
    difference_row,
    drawer_row,
    machine_rows,
    run_row,
)
from payments.reconciliation.ports import business_day, drawer_counts
from payments.reconciliation.queries.reading import (
    SHOWN,
    machine_totals,
    open_differences,
    resolved_since,
    run_of,
)
from payments.reconciliation.queries.runs import due_at

READ: Final = "payments.read"
WRITE: Final = "payments.reconcile"
FIRST: Final = 50
"""Differences on the page of a run; all of them, with filters, have a page of their own."""
_TILES: Final = (
    ("lines", "Lines read"),
    ("judged", "Lines compared"),
    ("matched", "Of them agree"),
    ("ours", "Payments of ours compared"),
    ("payouts", "New payouts"),
    ("posted", "Payouts booked"),
    ("open", "Differences open"),
)


@page(
    merchant_admin,
    "payments/reconciliation/<uuid:run_id>/",
    name="payments_reconciliation_run",
    permission=READ,
)
def run_page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What was compared, and what does not agree now."""
    try:
        run = run_of(run_id=run_id)
    except NotFound:
        raise Http404 from None
    found, actor = open_differences(connection_id=run.connection_id), actor_of(request)
    since, until = business_day(at=run.since), business_day(at=run.finished_at or run.started_at)
    return render(
        merchant_admin,
        request,
        "reconciliation_run",
        f"Reconciliation of {run.connection.name}",
        run=run,
        head=run_row(run),
        tiles=[(word, run.counts.get(name, 0)) for name, word in _TILES],
        kinds=[(KINDS[name], count) for name, count in run.counts.items() if name in KINDS],
        differences=[difference_row(each, actor) for each in found[:FIRST]],
        open_count=found.count(),
        resolved=[
            difference_row(each, actor)
            for each in resolved_since(connection_id=run.connection_id, since=run.started_at)[:SHOWN]
        ],
        drawers=[drawer_row(each) for each in drawer_counts(since=since, until=until)][:SHOWN],
        machines=machine_rows(machine_totals(since=since, until=until)),
        may_write=actor.may(WRITE),
        next_try_at=due_at(run) if run.state == states.RUNNING and run.failures else None,
        back=request.path,
    )
