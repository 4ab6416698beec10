"""What the walk needs of reconciling: a run, a payout, a difference, a dispute, a call of the vendor."""

import datetime as dt
from typing import Any
from uuid import UUID

from payments.gateways.models import Connection
from payments.reconciliation.models import Difference, Dispute, Payout, Reconciliation, SettlementLine
from payments.webhooks.models import InboundEvent


def reconcile(word: str, *, order_id: UUID, currency: str, at: dt.datetime) -> dict[str, Any]:
    """One of each, all of them named `word`."""
    account = Connection.objects.create(
        gateway="simulator",
        name=word,
        account=f"acct_{word}",
        capabilities={"settlements": True},
        created_at=at,
    )
    run = Reconciliation.objects.create(
        connection=account,
        state="done",
        reason="asked",
        asked_by=word,
        since=at,
        started_at=at,
        touched_at=at,
    )
    payout = Payout.objects.create(
        connection=account,
        vendor_id=f"out_{word}",
        amount_minor=100,
        currency=currency,
        state="paid",
        arrives_on=at.date(),
        vendor_at=at,
        seen_run=run.pk,
    )
    SettlementLine.objects.create(
        connection=account,
        payout=payout,
        vendor_id=f"txn_{word}",
        category=word,
        about="unknown",
        gross_minor=100,
        fee_minor=0,
        net_minor=100,
        currency=currency,
        at=at,
        state="listed",
    )
    difference = Difference.objects.create(
        connection=account,
        kind="unknown_category",
        subject=f"txn_{word}",
        payout=payout,
        theirs=word,
        currency=currency,
        found_at=at,
        found_run=run.pk,
    )
    dispute = Dispute.objects.create(
        connection=account,
        vendor_id=f"dis_{word}",
        order_id=order_id,
        amount_minor=100,
        currency=currency,
        reason=word,
        state="needs_response",
        opened_at=at,
        due_at=at + dt.timedelta(days=7),
        seen_at=at,
    )
    event = InboundEvent.objects.create(
        connection=account,
        event_id=f"evt_{word}",
        kind=word,
        payload={"name": word},
        state="parked",
        trouble=word,
        vendor_at=at,
        received_at=at,
    )
    return {
        "reconciled_account": account.pk,
        "reconciliation": run.pk,
        "payout": payout.pk,
        "difference": difference.pk,
        "dispute": dispute.pk,
        "inbound_event": event.pk,
    }
