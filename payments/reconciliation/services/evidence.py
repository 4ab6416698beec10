"""Evidence for a dispute: put together from the shop's own papers, and sent once.

Write, call, write: the key is committed before it leaves, and every repeat has the same one.
"""

import datetime as dt
from dataclasses import replace
from typing import Final, cast
from uuid import UUID

import structlog

from fynlo.core.actors import Actor
from fynlo.core.errors import InvalidInput, NotFound
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.gateways.base import (
    DisputeGateway,
    Evidence,
    GatewayFailure,
    OutcomeUnknown,
    TooLate,
)
from payments.gateways.models import Attempt
from payments.gateways.registry import gateway_of
from payments.gateways.services.connecting import connection_facts
from payments.reconciliation import states
from payments.reconciliation.errors import EvidenceNotPossible
from payments.reconciliation.models import Dispute
from payments.reconciliation.ports import evidence_of
from payments.reconciliation.services.disputing import refresh_disputes

log = structlog.get_logger("fynlo.payments")
LONGEST_NOTE: Final = 5_000


def evidence_for(*, dispute: Dispute, note: str = "") -> Evidence:
    """What would be sent: the order, its receipt and signature, the card's lines, and the merchant's own words."""
    found = Evidence() if dispute.order_id is None else evidence_of(order_id=dispute.order_id)
    texts = dict(found.texts)
    attempt = Attempt.objects.filter(pk=dispute.attempt_id).first() if dispute.attempt_id else None
    if attempt is not None:
        read = {name: value for name, value in attempt.card.items() if isinstance(value, str) and value}
        read |= attempt.card.get("receipt", {})
        texts["card"] = "\n".join(f"{name}: {value}" for name, value in sorted(read.items()))
        texts.setdefault("served_on", attempt.business_date.isoformat())
    if note:
        texts["note"] = note
    return replace(found, texts={name: text for name, text in texts.items() if text})


def submit_evidence(*, dispute_id: UUID, note: str, actor: Actor, at: dt.datetime) -> Dispute:
    """Send it, for good. Outside of transactions.

    Raises `Forbidden`, `NotFound`, `InvalidInput`, and `EvidenceNotPossible` when it is over, too late, was sent
    before, or the vendor refuses. When nobody answered the dispute stays as it is: the same again sends the same.
    """
    actor.require("payments.reconcile")
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(f"A note has up to {LONGEST_NOTE} characters.", pointer="/note")
    row = _claim(dispute_id, at)
    evidence = evidence_for(dispute=row, note=note.strip())
    gateway = gateway_of(row.connection.gateway)
    if not hasattr(gateway, "submit_evidence"):
        raise EvidenceNotPossible("This vendor takes evidence on its own pages only.")
    try:
        cast("DisputeGateway", gateway).submit_evidence(
            connection=connection_facts(connection=row.connection),
            dispute_id=row.vendor_id,
            evidence=evidence,
            key=row.submit_key,
        )
    except TooLate:
        raise EvidenceNotPossible("It is too late to send evidence.") from None
    except GatewayFailure as failure:
        raise EvidenceNotPossible(failure.text) from None
    except OutcomeUnknown:
        log.warning("evidence_not_answered", dispute=str(row.pk))
        raise EvidenceNotPossible("Nobody answered; send it again, it will arrive once.") from None
    _sent(row, evidence, actor, at)
    refresh_disputes(connection=row.connection, dispute_id=row.vendor_id, at=at)
    return Dispute.objects.get(pk=row.pk)


def _claim(dispute_id: UUID, at: dt.datetime) -> Dispute:
    with unit_of_work():
        rows = Dispute.objects.select_for_update(of=("self",)).select_related("connection")
        row = rows.filter(pk=dispute_id).first()
        if row is None:
            raise NotFound("There is no such dispute.")
        if row.submitted_at is not None:
            raise EvidenceNotPossible("Evidence was sent before.")
        if row.state != states.NEEDS_RESPONSE or (row.due_at is not None and row.due_at <= at):
            raise EvidenceNotPossible
        if not row.submit_key:
            row.submit_key = f"{current_tenant().slug}:{row.pk}:evidence:1"
            row.save(update_fields=["submit_key"])
    return row


def _sent(row: Dispute, evidence: Evidence, actor: Actor, at: dt.datetime) -> None:
    kept = {
        "texts": dict(evidence.texts),
        "papers": {name: paper[0] for name, paper in evidence.papers.items()},
    }
    Dispute.objects.filter(pk=row.pk, submitted_at__isnull=True).update(
        evidence=kept, submitted_at=at, submitted_by=actor.name
    )
