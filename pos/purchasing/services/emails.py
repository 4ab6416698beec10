"""Letters to suppliers: queued in a transaction, sent by a task outside of any, told in the order's history.

A letter is claimed for some minutes, sent, and marked. Whoever is killed between sending and marking leaves a claim
that runs out; the letter then goes again under the same `Message-ID`, by which mailboxes know a copy.
"""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.utils import IntegrityError

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.events.log import append, unit_of_work
from pos.events import PurchaseOrderChanged
from pos.purchasing import states
from pos.purchasing.drafts import EmailDraft
from pos.purchasing.errors import NoEmailAddress, PurchaseIdConflict
from pos.purchasing.models import PurchaseEmail, PurchaseOrder
from pos.purchasing.queries.records import whole_order
from pos.purchasing.queries.states import order_state
from pos.purchasing.services.lifecycle import lock_order, note_step

CLAIM: Final = dt.timedelta(minutes=5)
PAUSES: Final = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""After each failure but the last, a letter is tried again so much later."""
ATTEMPTS: Final = len(PAUSES) + 1
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a letter was not sent; `is_final`: trying again would not help."""

    reason: str
    is_final: bool


def queue_email(*, order_id: UUID, draft: EmailDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Queue an order's letter; returns the order's whole state. Raises `NoEmailAddress`, `PurchaseIdConflict`.

    The same id again changes nothing; another id sends it again, on purpose.
    """
    try:
        return run_transaction(partial(_queue, order_id, draft, actor, at))
    except IntegrityError as error:
        if constraint(error).startswith("pos_purchaseemail_pkey"):
            raise PurchaseIdConflict("This id was used before.", pointer="/id") from error
        raise


def claim_email(*, email_id: UUID, at: dt.datetime) -> PurchaseEmail | None:
    """The letter, if it is to be sent now and nobody else is at it; nobody else gets it for some minutes."""
    with transaction.atomic():
        email = PurchaseEmail.objects.select_for_update().filter(pk=email_id).first()
        if email is None or email.state != states.QUEUED or email.due_at > at:
            return None
        if email.claimed_until is not None and email.claimed_until > at:
            return None
        email.claimed_until, email.attempts = at + CLAIM, email.attempts + 1
        email.save(force_update=True)
    return email


def mark_sent(*, email_id: UUID, at: dt.datetime) -> None:
    """Note that a letter went out."""
    run_transaction(partial(_mark, email_id, None, at))


def mark_failed(*, email_id: UUID, failure: Failure, at: dt.datetime) -> None:
    """Note that it did not; it is tried again later unless that would not help or was done often enough."""
    run_transaction(partial(_mark, email_id, failure, at))


def due_emails(*, at: dt.datetime) -> list[UUID]:
    """Letters to be sent now, the one due longest first."""
    due = PurchaseEmail.objects.filter(state=states.QUEUED, due_at__lte=at)
    free = due.exclude(claimed_until__gt=at)
    return list(free.order_by("due_at", "pk").values_list("pk", flat=True)[:100])


def _queue(order_id: UUID, draft: EmailDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        order = lock_order(order_id=order_id)
        known = PurchaseEmail.objects.filter(pk=draft.id, order=order).exists()
        if known:
            return order_state(whole_order(order_id=order_id))
        recipient = draft.recipient or order.supplier.email
        if not recipient:
            raise NoEmailAddress("Say to whom, or give the supplier an address.", pointer="/recipient")
        PurchaseEmail.objects.create(
            id=draft.id,
            order=order,
            recipient=recipient,
            copies=list(draft.copies),
            text=draft.text,
            queued_at=at,
            queued_by_id=actor.employee_id,
            by_name=actor.name,
            due_at=at,
        )
        note_step(order, "email_queued", actor=actor, at=at, detail=recipient, document_id=draft.id)
        return _told(order, at)


def _mark(email_id: UUID, failure: Failure | None, at: dt.datetime) -> None:
    with unit_of_work():
        order_id = PurchaseEmail.objects.values_list("order_id", flat=True).get(pk=email_id)
        order = lock_order(order_id=order_id)
        email = PurchaseEmail.objects.select_for_update().get(pk=email_id)
        if email.state != states.QUEUED:
            return
        email.claimed_until = None
        step, detail = "email_sent", email.recipient
        if failure is None:
            email.state, email.sent_at, email.reason = states.EMAIL.after(email.state, "send"), at, ""
        else:
            email.reason = detail = failure.reason[:_LONGEST_REASON]
            is_last = failure.is_final or email.attempts >= ATTEMPTS
            step = "email_failed" if is_last else "email_delayed"
            if is_last:
                email.state = states.EMAIL.after(email.state, "fail")
            else:
                email.due_at = at + PAUSES[email.attempts - 1]
        email.save(force_update=True)
        note_step(order, step, actor=SYSTEM, at=at, detail=detail, document_id=email_id)
        _told(order, at)


def _told(order: PurchaseOrder, at: dt.datetime) -> dict[str, Any]:
    state = order_state(whole_order(order_id=order.pk))
    append(PurchaseOrderChanged(entity_id=order.pk, at=at, state=state))
    return state
