"""Putting money that was taken to what it is for.

Payments know no orders: whoever has them registers a settler for its purpose. It is called after the capture is
committed, in no transaction, and as often as needed: it locks what it needs (register, order, attempt), records the
payment under the attempt's id, and calls `mark_settled` in the same transaction. If it refuses, the money stays
visible as taken and not put to an order, `trouble` says why, and a sweep tries again.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog

from fynlo.core.errors import DomainError
from fynlo.core.failpoints import reach
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.models import Attempt
from payments.gateways.pauses import pause
from payments.gateways.services.writing import lock_attempt, say_changed
from payments.gateways.unwanted import BEYOND

log = structlog.get_logger("fynlo.payments")

Settler = Callable[..., None]
"""Called with `attempt_id` and `at`."""

_settlers: Final[dict[str, Settler]] = {}
_LONGEST_TROUBLE: Final = 300
_LISTED: Final = dt.timedelta(days=1)
"""What belongs to nothing stays among the rows that are looked at, whose index lists what waits for somebody."""


def register_settler(purpose: str, settler: Settler) -> None:
    """Have `settler(attempt_id=…, at=…)` called for money of attempts with this purpose."""
    _settlers[purpose] = settler


def settle(*, attempt_id: UUID, at: dt.datetime) -> bool:
    """Put the money of a captured attempt to what it is for; whether it is there now. Safe to repeat."""
    row: Attempt | None = Attempt.objects.filter(pk=attempt_id).first()
    if row is None or row.state != states.CAPTURED:
        return False
    if row.settled_at is not None:
        return _rests(attempt_id, at)
    settler = _settlers.get(row.purpose)
    if settler is None:
        _note_trouble(attempt_id, f"Nobody takes money for {row.purpose!r} here.", at)
        return False
    try:
        settler(attempt_id=attempt_id, at=at)
    except DomainError as refusal:
        _note_trouble(attempt_id, refusal.detail, at)
        return False
    except Exception as error:  # the money is taken: whatever happens here, it stays visible
        log.exception("settling_failed", attempt=str(attempt_id))
        _note_trouble(attempt_id, f"It could not be put to its order ({type(error).__name__}).", at)
        return False
    reach("attempt.settled")
    is_settled = _rests(attempt_id, at)
    if not is_settled:
        _note_trouble(attempt_id, "Nothing owes it: give it back, or keep it as credit.", at)
    return is_settled


def mark_settled(*, attempt_id: UUID, at: dt.datetime) -> bool:
    """Say in the caller's transaction that the money is where it belongs; the attempt is locked by this.

    False: somebody else settled it before, and the caller writes nothing. Raises `NotFound`.
    """
    row = lock_attempt(attempt_id)
    if row.settled_at is not None:
        return False
    row.settled_at, row.trouble, row.next_look_at = at, "", None
    row.save(update_fields=["settled_at", "trouble", "next_look_at"])
    say_changed(row, at=at)
    return True


def note_beyond(*, attempt_id: UUID, beyond_minor: int, text: str, at: dt.datetime) -> None:
    """Say in the caller's transaction that so much of a settled attempt belongs to nothing; it can go back."""
    row = lock_attempt(attempt_id)
    row.trouble, row.details = text[:_LONGEST_TROUBLE], {**row.details, BEYOND: beyond_minor}
    row.next_look_at = at + _LISTED
    row.save(update_fields=["trouble", "details", "next_look_at"])
    say_changed(row, at=at)


def _rests(attempt_id: UUID, at: dt.datetime) -> bool:
    """Whether it is settled; then nobody looks at it any more, but for what of it belongs to nothing still."""
    rows = Attempt.objects.filter(pk=attempt_id, settled_at__isnull=False)
    if rows.filter(details__has_key=BEYOND).update(next_look_at=at + _LISTED):
        return True
    return bool(rows.update(next_look_at=None))


def _note_trouble(attempt_id: UUID, text: str, at: dt.datetime) -> None:
    with unit_of_work():
        row = lock_attempt(attempt_id)
        if row.settled_at is not None:
            return
        is_new = row.trouble != text[:_LONGEST_TROUBLE]
        row.trouble = text[:_LONGEST_TROUBLE]
        row.next_look_at = at + pause(row.looks)
        row.save(update_fields=["trouble", "next_look_at"])
        if is_new:
            say_changed(row, at=at)
