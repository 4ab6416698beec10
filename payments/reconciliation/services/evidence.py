"""Evidence for a dispute: put together from the shop's own papers, left with the vendor as a draft, and sent once.

Write, call, write: the key is committed before it leaves. A repeat has the same one until it is certain what became
of the request, and then another: a vendor answers a key with what it answered before, also with its own failure.
"""

import datetime as dt
from dataclasses import replace
from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from fynlo.core.actors import Actor
from fynlo.core.errors import InvalidInput, NotFound
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.gateways import words as payments
from payments.gateways.base import (
    DisputeGateway,
    Evidence,
    GatewayFailure,
    OutcomeUnknown,
    TooLate,
)
from payments.gateways.models import Attempt
from payments.gateways.queries import signature_paper
from payments.gateways.registry import gateway_of
from payments.gateways.services.connecting import connection_facts
from payments.gateways.words import word
from payments.reconciliation import states, words
from payments.reconciliation.errors import EvidenceNotPossible
from payments.reconciliation.models import Dispute
from payments.reconciliation.ports import evidence_of
from payments.reconciliation.services.disputing import refresh_disputes

log = structlog.get_logger("fynlo.payments")
LONGEST_NOTE: Final = 5_000
_OWN_DEVICE: Final = ("remote", "qr")


def evidence_for(*, dispute: Dispute, note: str = "") -> Evidence:
    """What would be sent: the order, its receipt and signature, the card's lines, and the merchant's own words."""
    found = Evidence() if dispute.order_id is None else evidence_of(order_id=dispute.order_id)
    texts, papers = dict(found.texts), dict(found.papers)
    attempt = Attempt.objects.filter(pk=dispute.attempt_id).first() if dispute.attempt_id else None
    if attempt is not None:
        texts["card"] = _card(attempt)
        texts.setdefault("served_on", attempt.business_date.isoformat())
        texts["activity" if attempt.channel in _OWN_DEVICE else "log"] = _log(attempt)
        papers |= signature_paper(attempt_id=attempt.pk)
    if note:
        texts["note"] = note
    return replace(found, texts={name: text for name, text in texts.items() if text}, papers=papers)


def _card(attempt: Attempt) -> str:
    """The card's lines, named as receipts name them."""
    read = {name: value for name, value in attempt.card.items() if isinstance(value, str)}
    read |= attempt.card.get("receipt", {})
    told = [(word(name.casefold(), words.CARD), read[name]) for name in sorted(read) if read[name]]
    return "\n".join(f"{name}: {value}" for name, value in told)


def _log(attempt: Attempt) -> str:
    """What was asked and answered, and when by the shop's clock: a line for the cardholder's bank for each step."""
    here = ZoneInfo(current_tenant().time_zone)
    lines = []
    for step in attempt.steps.order_by("number"):
        did = f"{word(step.verb, payments.VERB)}, {word(step.what, payments.WHAT).casefold()}"
        state = f": {word(step.state, payments.ATTEMPT)}" if step.state else ""
        lines.append(f"{step.at.astimezone(here):%Y-%m-%d %H:%M:%S %Z} {did}{state}")
    return "\n".join(lines)


def submit_evidence(
    *, dispute_id: UUID, note: str, actor: Actor, at: dt.datetime, is_draft: bool = False
) -> Dispute:
    """Send it, for good, or leave it with the vendor as a draft that can still be changed. Outside of transactions.

    Raises `Forbidden`, `NotFound`, `InvalidInput`, and `EvidenceNotPossible` when it is over, too late, was sent
    before, or the vendor refuses. When the answer is lost the dispute is read: it says whether the evidence came.
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
            is_draft=is_draft,
        )
    except TooLate:
        raise EvidenceNotPossible("It is too late to send evidence.") from None
    except GatewayFailure as failure:
        _next_key(row)
        raise EvidenceNotPossible(failure.text) from None
    except OutcomeUnknown:
        if not _came(row, is_draft=is_draft, at=at):
            raise EvidenceNotPossible("It did not arrive; send it again.") from None
    _keep(row, evidence, is_draft=is_draft, actor=actor, at=at)
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
            row.submit_key = _key(row, 1)
            row.save(update_fields=["submit_key"])
    return row


def _came(row: Dispute, *, is_draft: bool, at: dt.datetime) -> bool:
    """Whether what nobody answered arrived, as the dispute says. A draft does not show: it is saved again.

    Raises `EvidenceNotPossible` while nobody can say; then the next try is the same request.
    """
    log.warning("evidence_not_answered", dispute=str(row.pk))
    try:
        refresh_disputes(connection=row.connection, dispute_id=row.vendor_id, at=at)
    except (GatewayFailure, OutcomeUnknown):
        raise EvidenceNotPossible("Nobody answered; send it again, it will arrive once.") from None
    state = Dispute.objects.values_list("state", flat=True).get(pk=row.pk)
    came = not is_draft and state in (states.UNDER_REVIEW, states.WON)
    if not came:
        _next_key(row)
    return came


def _next_key(row: Dispute) -> None:
    """The last request is over for certain: the next one is another."""
    number = int(row.submit_key.rpartition(":")[2]) + 1
    Dispute.objects.filter(pk=row.pk, submit_key=row.submit_key).update(submit_key=_key(row, number))


def _key(row: Dispute, number: int) -> str:
    return f"{current_tenant().slug}:{row.pk}:evidence:{number}"


def _keep(row: Dispute, evidence: Evidence, *, is_draft: bool, actor: Actor, at: dt.datetime) -> None:
    """What lies at the vendor now, in names and sentences."""
    kept: dict[str, Any] = {
        "texts": dict(evidence.texts),
        "papers": {name: paper[0] for name, paper in evidence.papers.items()},
    }
    known = Dispute.objects.filter(pk=row.pk, submitted_at__isnull=True)
    if is_draft:
        known.update(evidence=kept | {"draft": {"at": at.isoformat(), "by": actor.name}})
        _next_key(row)
    else:
        known.update(evidence=kept, submitted_at=at, submitted_by=actor.name)
