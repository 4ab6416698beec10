"""Whatever is open is looked at until it is known: by the screen, by a bell, and always by this sweep.

Each row is taken by moving its next look, so of two workers one has it, and one that dies leaves it to the next.
"""

import datetime as dt
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from fynlo.core.errors import DomainError
from fynlo.core.money import Money
from payments.gateways import states
from payments.gateways.base import TryAgain
from payments.gateways.facts import capabilities_of
from payments.gateways.models import Attempt, AttemptStep, GatewayRefund
from payments.gateways.pauses import ABANDONED_AFTER, CAPTURE_MARGIN, held_until
from payments.gateways.registry import gateway_of
from payments.gateways.sentences import LINKS
from payments.gateways.services.attempts import (
    attempt_row,
    drive_attempt,
    let_go,
    look_at_attempt,
    may_begin,
)
from payments.gateways.services.deciding import decide_unfound
from payments.gateways.services.owed import check_owed, owed_minor
from payments.gateways.services.refunds import send_refund
from payments.gateways.services.reserved import take
from payments.gateways.services.settling import settle
from payments.gateways.unwanted import is_unwanted

log = structlog.get_logger("fynlo.payments")

BY: Final = "sweep"
_PAUSE: Final = dt.timedelta(seconds=60)


def resolve_due(*, at: dt.datetime, limit: int = 100) -> int:
    """Look at what is due, the longest due first: at most `limit` attempts and as many refunds. Returns how many.

    One that fails delays no other. Resumable, and safe twice at once.
    """
    done = 0
    for key, seen in _due(Attempt.objects, at, limit):
        if _take(Attempt, key, seen, at):
            done += _tried("attempt", key, lambda key=key: resolve_attempt(attempt_id=key, at=at))  # type: ignore[misc]
    for key, seen in _due(GatewayRefund.objects, at, limit):
        if _take(GatewayRefund, key, seen, at):
            done += _tried("refund", key, lambda key=key: send_refund(refund_id=key, at=at, by=BY))  # type: ignore[misc]
    return done


def resolve_attempt(*, attempt_id: UUID, at: dt.datetime) -> None:
    """One step towards the end of one attempt."""
    row = attempt_row(attempt_id=attempt_id)
    if row.state == states.CAPTURED:
        settle(attempt_id=attempt_id, at=at)
        return
    if not row.vendor_id and row.state in (states.PREPARED, states.UNKNOWN):
        row = _find(row, at)
    else:
        row = look_at_attempt(attempt_id=attempt_id, at=at)
    if row.state == states.AUTHORISED:
        _sweep(row, at)
    elif _is_over(row, at):
        let_go(attempt_id=attempt_id, by=BY, at=at, expiring=_is_expired(row, at))
    elif _is_to_be_presented(row) and _is_wanted(row):
        drive_attempt(attempt_id=attempt_id, at=at)


def _is_to_be_presented(row: Attempt) -> bool:
    """Whether the vendor was too busy to put it before the guest, and said to come again; or it never came that
    far, because an answer before was lost. What is asked once more has the key of what was asked.
    """
    if row.state != states.PREPARED or not row.vendor_id:
        return False
    answers = AttemptStep.objects.filter(attempt=row, verb="present", what="answered", detail__certain=True)
    last = answers.order_by("-number").first()
    return last is None or last.detail.get("failure") == TryAgain.kind


def _find(row: Attempt, at: dt.datetime) -> Attempt:
    """What became of a request whose answer nobody has: look, else send the very same request once more.

    What nobody waits for any more is found under its key that way, let go, and put before nobody.
    """
    is_local = getattr(gateway_of(row.connection.gateway), "is_local", False)
    if not is_local and not may_begin(row, at):
        return decide_unfound(attempt_id=row.pk, at=at)
    found = look_at_attempt(attempt_id=row.pk, at=at)
    if found.vendor_id or found.state not in (states.PREPARED, states.UNKNOWN):
        return found
    if _is_abandoned(found, at) or _is_expired(found, at):
        return let_go(attempt_id=row.pk, by=BY, at=at, expiring=_is_expired(found, at))
    if found.state == states.UNKNOWN:
        return found
    if not _is_wanted(found):
        return let_go(attempt_id=row.pk, by=BY, at=at)
    return drive_attempt(attempt_id=row.pk, at=at)


def _is_wanted(row: Attempt) -> bool:
    """Whether it may still be put before a guest: nobody took it back, and it is owed."""
    if is_unwanted(row):
        return False
    try:
        with transaction.atomic():
            check_owed(purpose=row.purpose, attempt_id=row.pk)
    except DomainError as refusal:
        log.info("attempt_not_wanted", attempt=str(row.pk), code=refusal.code)
        return False
    return True


def _sweep(row: Attempt, at: dt.datetime) -> None:
    """An authorisation is never left to run out: it is taken or let go, whichever the account says."""
    if is_unwanted(row) or _is_to_be_let_go(row):
        let_go(attempt_id=row.pk, by=BY, at=at)
    elif _is_running_out(row, at):
        worth = _worth_taking(row)
        if worth:
            take(attempt_id=row.pk, amount=Money(worth, row.currency), by=BY, at=at)
        else:
            let_go(attempt_id=row.pk, by=BY, at=at)


def _worth_taking(row: Attempt) -> int:
    """What of a reservation is taken: what is owed, and the guest's tip; never more than is reserved.

    In the account's steps, downwards: a few fils less are taken rather than nothing.
    """
    default = "capture" if row.order_id is not None else "cancel"
    if row.connection.settings.get("uncaptured", default) != "capture":
        return 0
    owed = owed_minor(purpose=row.purpose, attempt_id=row.pk)
    if owed is None:
        return row.authorised_minor
    worth = min(owed + row.tip_minor, row.authorised_minor) if owed > 0 else 0
    return worth - worth % max(capabilities_of(row.connection.capabilities).step_minor, 1)


def _is_running_out(row: Attempt, at: dt.datetime) -> bool:
    """Whether the reservation ends soon; one nobody ever takes by hand only where the vendor names its end."""
    if row.capture != "manual" and row.capture_before is None:
        return False
    ends = held_until(channel=row.channel, at=row.at, capture_before=row.capture_before)
    return ends - CAPTURE_MARGIN <= at


def _is_to_be_let_go(row: Attempt) -> bool:
    """Whether it was authorised after it had been cancelled, and was not let go since."""
    decided = AttemptStep.objects.filter(attempt=row, verb="decide").order_by("-number").first()
    return decided is not None and decided.detail.get("decision") == "let_go"


def _is_over(row: Attempt, at: dt.datetime) -> bool:
    if row.state not in (states.PREPARED, states.PRESENTED, states.DECLINED):
        return False
    if is_unwanted(row) and row.vendor_id:
        return True
    return _is_expired(row, at) or (row.state != states.PRESENTED and _is_abandoned(row, at))


def _is_expired(row: Attempt, at: dt.datetime) -> bool:
    return row.channel in LINKS and row.expires_at is not None and row.expires_at <= at


def _is_abandoned(row: Attempt, at: dt.datetime) -> bool:
    """Begun or declined, and nobody went on with it. A link's time is its own."""
    if row.channel in LINKS and row.expires_at is not None:
        return False
    if row.state != states.DECLINED:
        return row.at + ABANDONED_AFTER <= at
    last = AttemptStep.objects.filter(attempt=row).order_by("-number").values_list("at", flat=True).first()
    return (last or row.at) + ABANDONED_AFTER <= at


def _due(rows: object, at: dt.datetime, limit: int) -> list[tuple[UUID, dt.datetime]]:
    due = rows.filter(next_look_at__lte=at).order_by("next_look_at", "pk")  # type: ignore[attr-defined]
    return list(due.values_list("pk", "next_look_at")[:limit])


def _take(model: type[Attempt] | type[GatewayRefund], key: UUID, seen: dt.datetime, at: dt.datetime) -> bool:
    """Whether this worker has it: of several that saw it due, one moves its next look."""
    mine = model.objects.filter(pk=key, next_look_at=seen)
    return bool(mine.update(next_look_at=at + _PAUSE, looks=F("looks") + 1))


def _tried(what: str, key: UUID, call: object) -> int:
    try:
        call()  # type: ignore[operator]
    except DomainError as refusal:
        log.info("resolving_refused", what=what, id=str(key), code=refusal.code)
        return 0
    except Exception:
        log.exception("resolving_failed", what=what, id=str(key))
        return 0
    return 1
