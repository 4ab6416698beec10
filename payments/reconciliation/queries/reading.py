"""What runs, payouts, differences and disputes are read as."""

import datetime as dt
from collections.abc import Collection
from typing import Final, Literal
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from fynlo.core.errors import NotFound
from payments.gateways.models import Connection
from payments.reconciliation import states
from payments.reconciliation.models import (
    Difference,
    Dispute,
    MachineTotal,
    Payout,
    Reconciliation,
    SettlementLine,
)

SHOWN: Final = 200
"""How many rows of a kind a page shows; what is open comes first, and a count tells how many there are."""


def runs(*, connection_id: UUID | None = None) -> QuerySet[Reconciliation]:
    """Runs with their accounts, the newest first."""
    found = Reconciliation.objects.select_related("connection").order_by("-id")
    return found if connection_id is None else found.filter(connection_id=connection_id)


def run_of(*, run_id: UUID) -> Reconciliation:
    """One run. Raises `NotFound`."""
    found: Reconciliation | None = runs().filter(pk=run_id).first()
    if found is None:
        raise NotFound("There is no such run.")
    return found


def payouts(*, connection_id: UUID | None = None) -> QuerySet[Payout]:
    """Payouts with their accounts and `open_differences`, the newest first."""
    open_ones = Count("differences", filter=Q(differences__state=states.OPEN))
    found = Payout.objects.select_related("connection").annotate(open_differences=open_ones).order_by("-id")
    return found if connection_id is None else found.filter(connection_id=connection_id)


def payout_of(*, payout_id: UUID) -> Payout:
    """One payout. Raises `NotFound`."""
    found: Payout | None = payouts().filter(pk=payout_id).first()
    if found is None:
        raise NotFound("There is no such payout.")
    return found


def lines_of(*, payout_id: UUID, limit: int | None = None, start: int = 0) -> QuerySet[SettlementLine]:
    """The lines of a payout but its own, those that are not explained first."""
    rank = Case(When(state=states.MATCHED, then=Value(1)), default=Value(0), output_field=IntegerField())
    found = SettlementLine.objects.filter(payout_id=payout_id).exclude(about="own")
    return found.annotate(rank=rank).order_by("rank", "id")[start : None if limit is None else start + limit]


def open_differences(*, connection_id: UUID | None) -> QuerySet[Difference]:
    """What does not agree at an account (None: at card machines) and nobody dealt with, the oldest first."""
    whose = Q(connection__isnull=True) if connection_id is None else Q(connection_id=connection_id)
    return Difference.objects.filter(whose, state=states.OPEN).order_by("id")


def differences(*, state: str | None = None) -> QuerySet[Difference]:
    """Differences of every account."""
    found = Difference.objects.select_related("connection", "payout")
    return found if state is None else found.filter(state=state)


def search_differences(
    *, account: UUID | Literal["any"] | None = "any", kind: str = "", state: str = "", subject: str = ""
) -> QuerySet[Difference]:
    """Differences of an account (None: of card machines), the oldest first; `subject` is how their names begin."""
    found = Difference.objects.select_related("connection").order_by("id")
    if account is None:
        found = found.filter(connection__isnull=True)
    elif account != "any":
        found = found.filter(connection_id=account)
    if subject:
        found = found.filter(subject__startswith=subject)
    wanted = {name: value for name, value in (("kind", kind), ("state", state)) if value}
    return found.filter(**wanted)


def counts_by_kind(found: QuerySet[Difference]) -> dict[str, int]:
    """How many of each kind there are among these; one statement."""
    return dict(found.order_by("kind").values_list("kind").annotate(count=Count("id")))


def open_counts() -> dict[UUID | None, int]:
    """How many differences are open at each account (None: at card machines); one statement."""
    found = Difference.objects.filter(state=states.OPEN).order_by().values("connection_id")
    return dict(found.annotate(count=Count("id")).values_list("connection_id", "count"))


def last_runs() -> dict[UUID, Reconciliation]:
    """The last run of each account; one statement."""
    found = Reconciliation.objects.order_by("connection_id", "-id").distinct("connection_id")
    return {run.connection_id: run for run in found}


def resolved_since(*, connection_id: UUID, since: dt.datetime) -> QuerySet[Difference]:
    """What was dealt with since then, the newest first."""
    found = Difference.objects.filter(connection_id=connection_id, state=states.RESOLVED)
    return found.filter(resolved_at__gte=since).order_by("-resolved_at", "-id")


def disputed_minor(*, attempt_ids: Collection[UUID]) -> dict[UUID, int]:
    """What of these payments the guest's bank took back, or is about to: disputes that are open or lost.

    Nothing is asked for none.
    """
    if not attempt_ids:
        return {}
    rows = Dispute.objects.filter(attempt_id__in=attempt_ids, state__in=(*states.DISPUTE_OPEN, states.LOST))
    found = rows.order_by().values_list("attempt_id").annotate(taken=Sum("amount_minor"))
    return {key: int(taken) for key, taken in found if key is not None}


def disputes(*, only_open: bool = False, state: str | None = None) -> QuerySet[Dispute]:
    """Disputes: what wants an answer first, by its deadline; then the others, the newest first."""
    waits = Case(
        When(state=states.NEEDS_RESPONSE, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    found = Dispute.objects.select_related("connection").annotate(waits=waits)
    found = found.order_by("waits", F("due_at").asc(nulls_last=True), "-id")
    if state is not None:
        found = found.filter(state=state)
    return found.filter(state__in=states.DISPUTE_OPEN) if only_open else found


def dispute_of(*, dispute_id: UUID) -> Dispute:
    """One dispute. Raises `NotFound`."""
    found: Dispute | None = Dispute.objects.select_related("connection").filter(pk=dispute_id).first()
    if found is None:
        raise NotFound("There is no such dispute.")
    return found


def connections_with_listing() -> list[Connection]:
    """Accounts that list what they pay out, and those that did: payouts of one that is lost stay. By name."""
    compared = Exists(Reconciliation.objects.filter(connection=OuterRef("pk")))
    found = Connection.objects.filter(Q(capabilities__settlements=True) | compared)
    return list(found.order_by("name", "id"))


def machine_totals(*, since: dt.date, until: dt.date) -> list[MachineTotal]:
    """Totals of card machines of these business days, the newest first."""
    found = MachineTotal.objects.filter(business_date__gte=since, business_date__lte=until)
    return list(found.order_by("-business_date", "tender_type", "id")[:SHOWN])
