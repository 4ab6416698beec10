"""Disputes are copied from the vendor whenever somebody looks, and their deadlines are told in time."""

import datetime as dt
from typing import Any, Final, cast

from django.db.models import F, Q

from fynlo.events.log import append, unit_of_work
from payments.gateways.base import DisputeFact, DisputeGateway
from payments.gateways.models import Attempt, Connection
from payments.gateways.registry import gateway_of
from payments.gateways.services.connecting import connection_facts
from payments.reconciliation import states
from payments.reconciliation.events import DisputeDecided, DisputeDue, DisputeOpened
from payments.reconciliation.models import Dispute

LOOK_BACK: Final = dt.timedelta(days=30)
"""Disputes that changed within this time are asked for: longer than any run is away."""
REMINDERS: Final = (dt.timedelta(days=3), dt.timedelta(days=1))
"""So long before its deadline a dispute is told again."""


def refresh_disputes(*, connection: Connection, at: dt.datetime, dispute_id: str = "") -> set[str]:
    """Copy what the vendor says of disputes now; the names of those it told of.

    `dispute_id` makes sure that one we know is asked for, however long ago it was opened. Outside of transactions.
    """
    gateway = gateway_of(connection.gateway)
    if not hasattr(gateway, "disputes"):
        return set()
    facts = connection_facts(connection=connection)
    since = _since(connection, dispute_id, at)
    told = cast("DisputeGateway", gateway).disputes(connection=facts, since=since)
    return {_copy(connection=connection, fact=fact, at=at).vendor_id for fact in told}


def _since(connection: Connection, dispute_id: str, at: dt.datetime) -> dt.datetime:
    known = (
        Dispute.objects.filter(connection=connection, vendor_id=dispute_id).first() if dispute_id else None
    )
    return at - LOOK_BACK if known is None else min(known.opened_at, at - LOOK_BACK)


def _copy(*, connection: Connection, fact: DisputeFact, at: dt.datetime) -> Dispute:
    """One dispute as it is now; what is new about it is said to the feed."""
    with unit_of_work():
        rows = Dispute.objects.select_for_update(of=("self",))
        row = rows.filter(connection=connection, vendor_id=fact.id).first()
        was = "" if row is None else row.state
        row = row or Dispute(connection=connection, vendor_id=fact.id)
        attempt = _attempt(connection, fact)
        row.payment, row.state, row.reason = fact.payment, fact.state, fact.reason[:60]
        row.amount_minor, row.currency = fact.amount_minor, fact.currency
        row.opened_at, row.due_at, row.seen_at = fact.opened_at, fact.due_at, at
        if attempt is not None:
            row.attempt_id, row.order_id = attempt.pk, attempt.order_id
        row.save(force_insert=not was)
        _say(row, was, at)
    return row


def _attempt(connection: Connection, fact: DisputeFact) -> Attempt | None:
    """The payment behind it, only ever of the same account."""
    own = Q(vendor_id=fact.payment) & ~Q(vendor_id="")
    if fact.attempt_id is not None:
        own |= Q(pk=fact.attempt_id)
    return Attempt.objects.filter(own, connection=connection).order_by("id").first()


def _say(row: Dispute, was: str, at: dt.datetime) -> None:
    facts: dict[str, Any] = {"order_id": row.order_id, "amount_minor": row.amount_minor}
    facts |= {"currency": row.currency, "at": at}
    if not was:
        append(
            DisputeOpened(row.pk, attempt_id=row.attempt_id, reason=row.reason, due_at=row.due_at, **facts)
        )
    is_over = row.state not in states.DISPUTE_OPEN
    if is_over and was != row.state:
        append(DisputeDecided(row.pk, outcome=row.state, **facts))


def remind_of_disputes(*, at: dt.datetime) -> int:
    """Say which disputes run out soon, once for each of `REMINDERS`. Returns how many were told."""
    told = 0
    for before in REMINDERS:
        due = Dispute.objects.filter(
            Q(reminded_at__isnull=True) | Q(reminded_at__lt=F("due_at") - before),
            state=states.NEEDS_RESPONSE,
            due_at__gt=at,
            due_at__lte=at + before,
        )
        for key in due.order_by("due_at", "id").values_list("pk", flat=True):
            told += _remind(key, before, at)
    return told


def _remind(key: Any, before: dt.timedelta, at: dt.datetime) -> int:
    with unit_of_work():
        row = Dispute.objects.select_for_update(of=("self",)).get(pk=key)
        is_told = row.reminded_at is not None and row.due_at and row.reminded_at >= row.due_at - before
        if row.state != states.NEEDS_RESPONSE or row.due_at is None or is_told:
            return 0
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])
        append(
            DisputeDue(
                row.pk,
                order_id=row.order_id,
                amount_minor=row.amount_minor,
                currency=row.currency,
                due_at=row.due_at,
                at=at,
            )
        )
    return 1
