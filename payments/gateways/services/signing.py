"""Keeping what a guest signed. The first signature of an attempt stays; it says who brought it, and when."""

import datetime as dt
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import structlog

from fynlo.core.actors import Actor
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.errors import SignatureTaken
from payments.gateways.models import Attempt, AttemptSignature
from payments.gateways.queries import attempt as attempt_of
from payments.gateways.signatures import Signature

log = structlog.get_logger("fynlo.payments")

LATE: Final = "signed_earlier"
AHEAD: Final = "clock_ahead"
BEFORE: Final = "signed_before_asked"
NOT_TAKEN: Final = "nothing_taken"
_PATIENCE: Final = dt.timedelta(minutes=15)
"""Between signing and sending; a till that was offline takes longer."""
_CLOCKS: Final = dt.timedelta(minutes=2)
"""By how much clocks differ that nobody set wrong."""


def attach_signature(
    *,
    attempt_id: UUID,
    signature: Signature,
    actor: Actor,
    at: dt.datetime,
    signed_at: dt.datetime | None = None,
) -> AttemptSignature:
    """Keep what the guest signed, at `signed_at` if that was earlier than now. The same again is fine.

    Whenever it comes, it is a fact: one that is late, or for a payment of which nothing was taken, is flagged, not
    refused. Raises `NotFound`, and `SignatureTaken` when the attempt has another one.
    """
    with unit_of_work():
        row = attempt_of(attempt_id=attempt_id)
        moment = signed_at or at
        made = AttemptSignature(
            attempt=row,
            content=signature.content,
            digest=signature.digest,
            width=signature.width,
            height=signature.height,
            signed_at=moment,
            at=at,
            by=actor.name[:120],
            employee_id=actor.employee_id,
            device_id=actor.device_id,
            flags=list(_flags(row, moment, at)),
        )
        AttemptSignature.objects.bulk_create([made], ignore_conflicts=True)
        kept: AttemptSignature = AttemptSignature.objects.defer("content").get(attempt_id=attempt_id)
    if kept.digest != signature.digest:
        raise SignatureTaken(signed_at=kept.signed_at.isoformat())
    log.info("signature_kept", attempt=str(attempt_id), flags=kept.flags)
    return kept


def _flags(row: Attempt, moment: dt.datetime, at: dt.datetime) -> Iterator[str]:
    if at - moment > _PATIENCE:
        yield LATE
    if moment - at > _CLOCKS:
        yield AHEAD
    if row.at - moment > _CLOCKS:
        yield BEFORE
    if row.state not in (states.AUTHORISED, states.CAPTURED):
        yield NOT_TAKEN
