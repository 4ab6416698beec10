"""One run: zero differences, or each of them with the actions beside it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError, NotFound
from payments.reconciliation import states
from payments.reconciliation.actions import KINDS
from payments.reconciliation.admin.shown import (
    difference_row,
    drawer_row,
    machine_row,
    run_row,
    ways_to_pay,
)
from payments.reconciliation.ports import business_day, drawer_counts, register_names
from payments.reconciliation.queries.reading import (
    SHOWN,
    machine_totals,
    open_differences,
    resolved_since,
    run_of,
)
from payments.reconciliation.queries.runs import due_at
from payments.reconciliation.services import resolve_difference

READ: Final = "payments.read"
WRITE: Final = "payments.reconcile"
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
    found = open_differences(connection_id=run.connection_id)
    since, until = business_day(at=run.since), business_day(at=run.finished_at or run.started_at)
    names, ways = register_names(), ways_to_pay()
    return render(
        merchant_admin,
        request,
        "reconciliation_run",
        f"Reconciliation of {run.connection.name}",
        run=run,
        head=run_row(run),
        tiles=[(word, run.counts.get(name, 0)) for name, word in _TILES],
        kinds=[(KINDS[name], count) for name, count in run.counts.items() if name in KINDS],
        differences=[difference_row(each) for each in found[:SHOWN]],
        open_count=found.count(),
        resolved=[
            difference_row(each)
            for each in resolved_since(connection_id=run.connection_id, since=run.started_at)[:SHOWN]
        ],
        drawers=[drawer_row(each) for each in drawer_counts(since=since, until=until)][:SHOWN],
        machines=[machine_row(each, names, ways) for each in machine_totals(since=since, until=until)],
        may_write=actor_of(request).may(WRITE),
        next_try_at=due_at(run) if run.state == states.RUNNING and run.failures else None,
        back=request.path,
    )


@page(
    merchant_admin,
    "payments/differences/<uuid:difference_id>/resolve/",
    name="payments_difference_resolve",
    permission=WRITE,
)
@require_POST
def resolve(request: HttpRequest, difference_id: UUID) -> HttpResponse:
    """Do something about a difference, and go back to where it was shown."""
    try:
        row = resolve_difference(
            difference_id=difference_id,
            action=request.POST.get("action", ""),
            reason=request.POST.get("reason", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        is_open = row.state == "open"
        messages.info(request, "The next run will tell whether it agrees now." if is_open else "Dealt with.")
    return HttpResponseRedirect(_back(request.POST))


def _back(said: Any) -> str:
    """Only to pages of this room: what is posted is no address to go to."""
    try:
        return reverse("admin:payments_reconciliation_run", args=(UUID(said.get("run", "")),))
    except ValueError:
        return reverse("admin:payments_reconciliation")
