"""A person has a parked event tried again."""

import datetime as dt
from uuid import UUID

import structlog
from django.db import transaction

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from payments.webhooks import states
from payments.webhooks.models import InboundEvent

log = structlog.get_logger("fynlo.payments")


def retry_event(*, event_id: UUID, actor: Actor, at: dt.datetime) -> InboundEvent:
    """Let the sweep take it from the beginning. Raises `Forbidden`, `NotFound`, `IllegalTransition`."""
    actor.require("payments.reconcile")
    with transaction.atomic():
        row = InboundEvent.objects.select_for_update(of=("self",)).filter(pk=event_id).first()
        if row is None:
            raise NotFound("There is no such event.")
        row.state = states.INBOUND.after(row.state, "retry")
        row.tries, row.next_try_at = 0, at
        row.save(update_fields=["state", "tries", "next_try_at"])
    log.info("webhook_retried", inbound=str(event_id), by=actor.name)
    return row
