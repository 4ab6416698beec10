"""Runs that want to be worked on."""

import datetime as dt
from uuid import UUID

from payments.reconciliation import states
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.pauses import ABANDONED_AFTER, pause_after


def due_runs(*, at: dt.datetime) -> list[UUID]:
    """Runs that nobody works on and whose pause is over, the oldest first. At most one for each account."""
    running = Reconciliation.objects.filter(state=states.RUNNING).order_by("started_at", "id")
    return [UUID(str(run.pk)) for run in running if due_at(run) <= at]


def due_at(run: Reconciliation) -> dt.datetime:
    """When a running run is taken up (again), if nobody touches it before that."""
    pause = pause_after(run.failures) if run.claim is None else ABANDONED_AFTER
    return run.touched_at + pause
