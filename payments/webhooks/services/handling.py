"""Acting on an event: it says where to look, and there the vendor's truth is read again.

Nothing is believed that the event says of money. What nobody here knows yet is tried again, later and later, and
then parked where a person sees it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from fynlo.core.errors import DomainError
from payments.gateways.base import Fact, GatewayFailure, OutcomeUnknown, VerifiedEvent
from payments.gateways.registry import gateway_of
from payments.webhooks import states
from payments.webhooks.metrics import rung
from payments.webhooks.models import InboundEvent
from payments.webhooks.services.looking import LOOKS, NotKnownYet, NotOurs

log = structlog.get_logger("fynlo.payments")

TRIES: Final = 12
"""After so many tries, about three hours, an event is parked."""
_FIRST_PAUSE: Final = dt.timedelta(seconds=4)
_LONGEST_PAUSE: Final = dt.timedelta(hours=1)
_LONGEST_TROUBLE: Final = 300


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a try came to: an event of the life's table, and why it came to nothing."""

    step: str
    trouble: str = ""


def handle_event(*, event_id: UUID, at: dt.datetime) -> str:
    """Look at everything an event speaks of. Returns its state, "" when there is no such event. Safe to repeat.

    Looking happens outside of transactions; each look is safe by itself, so two workers with one event do no harm.
    """
    row = InboundEvent.objects.select_related("connection").filter(pk=event_id).first()
    if row is None:
        return ""
    if row.state != states.STORED:
        return str(row.state)
    outcome = _tried(row, at)
    rung.labels(_label(row), outcome.step).inc()
    return _write(row.pk, outcome, at)


def pause_after(tries: int) -> dt.timedelta:
    """How long to wait after so many tries that came to nothing: 4, 8, 16 … seconds, an hour at most."""
    return min(_FIRST_PAUSE * 2 ** min(tries, 20), _LONGEST_PAUSE)


def _tried(row: InboundEvent, at: dt.datetime) -> _Outcome:
    try:
        facts = gateway_of(row.connection.gateway).interpret(event=_event(row))
        looked = [_looked(row, fact, at) for fact in facts if fact.about in LOOKS]
    except NotKnownYet as missing:
        return _later(row, str(missing))
    except (GatewayFailure, OutcomeUnknown) as failure:
        return _later(row, failure.text or type(failure).__name__)
    except DomainError as refusal:
        return _later(row, refusal.detail)
    except Exception as error:  # one event must not stand in the way of the others, nor be lost
        log.exception("webhook_failed", inbound=str(row.pk), kind=row.kind)
        return _later(row, f"It could not be handled ({type(error).__name__}).")
    return _Outcome("handle" if any(looked) else "ignore")


def _looked(row: InboundEvent, fact: Fact, at: dt.datetime) -> bool:
    """Look there. Returns False for what is not ours."""
    try:
        LOOKS[fact.about](connection=row.connection, fact=fact, at=at)
    except NotOurs:
        return False
    return True


def _later(row: InboundEvent, trouble: str) -> _Outcome:
    return _Outcome("park" if row.tries + 1 >= TRIES else "postpone", trouble)


def _write(event_id: UUID, outcome: _Outcome, at: dt.datetime) -> str:
    with transaction.atomic():
        row = InboundEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
        if row.state != states.STORED:
            return str(row.state)  # somebody else was faster
        row.state = states.INBOUND.after(row.state, outcome.step)
        row.tries += 1
        row.trouble = outcome.trouble[:_LONGEST_TROUBLE]
        is_over = row.state != states.STORED
        row.next_try_at = None if is_over else at + pause_after(row.tries)
        row.handled_at = at if row.state in (states.HANDLED, states.IGNORED) else None
        row.save(update_fields=["state", "tries", "trouble", "next_try_at", "handled_at"])
    if row.state == states.PARKED:
        log.error("webhook_parked", inbound=str(row.pk), kind=row.kind, trouble=row.trouble)
    return str(row.state)


def _event(row: InboundEvent) -> VerifiedEvent:
    return VerifiedEvent(
        id=row.event_id, kind=row.kind, account=row.account, at=row.vendor_at, payload=row.payload
    )


def _label(row: InboundEvent) -> str:
    return str(row.connection.gateway)
