"""Runs that want to be worked on."""

import datetime as dt
from typing import Final
from uuid import UUID

from django.db.models import Q

from payments.reconciliation import states
from payments.reconciliation.models import Reconciliation

ABANDONED_AFTER: Final = dt.timedelta(minutes=5)
"""Whoever works on a run touches it with every batch; one that nobody touched for so long is taken up again."""


def due_runs(*, at: dt.datetime) -> list[UUID]:
    """Runs that nobody works on, the oldest first."""
    waiting = Q(claim__isnull=True) | Q(touched_at__lt=at - ABANDONED_AFTER)
    found = Reconciliation.objects.filter(waiting, state=states.RUNNING)
    return list(found.order_by("started_at", "id").values_list("pk", flat=True))
