"""What wants somebody who decides: lost accounts, disputes, failed refunds, money of which too little is known."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from payments.gateways.models import Connection
from payments.gateways.models.connections import LOST
from payments.gateways.queries import stranded_refunds, undecided_attempts, unsettled_attempts
from payments.reconciliation import states
from payments.reconciliation.models import Difference, Dispute
from payments.reconciliation.queries.reading import disputes


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How much there is of each kind. `due_at` is the first deadline of the disputes that have one."""

    lost: int
    disputes: int
    due_at: dt.datetime | None
    refunds: int
    undecided: int
    unsettled: int
    differences: int


def what_waits(*, at: dt.datetime) -> Waiting:
    """How much waits at `at`; six statements, however much it is."""
    due = _unanswered(Dispute.objects.order_by(), at).aggregate(count=Count("pk"), first=Min("due_at"))
    return Waiting(
        lost=lost_accounts().count(),
        disputes=due["count"],
        due_at=due["first"],
        refunds=stranded_refunds().count(),
        undecided=undecided_attempts(at=at).count(),
        unsettled=unsettled_attempts().count(),
        differences=Difference.objects.filter(state=states.OPEN).count(),
    )


def lost_accounts() -> QuerySet[Connection, Connection]:
    """Accounts in use whose vendor does not let us in."""
    found: QuerySet[Connection, Connection] = Connection.objects.filter(state=LOST, is_active=True)
    return found.order_by("name", "id")


def unanswered_disputes(*, at: dt.datetime) -> QuerySet[Dispute, Dispute]:
    """Disputes that can be answered and were not, by their deadline."""
    return _unanswered(disputes(), at)


def _unanswered(rows: QuerySet[Dispute, Dispute], at: dt.datetime) -> QuerySet[Dispute, Dispute]:
    in_time = Q(due_at__isnull=True) | Q(due_at__gt=at)
    return rows.filter(in_time, state=states.NEEDS_RESPONSE, submitted_at__isnull=True)
