"""Whether somebody knows the PIN of a card. A try is counted before the PIN is compared (traps 23 and 24).

Counting afterwards would let a hundred guesses through before the first one is counted, so each try is counted as
wrong in a transaction of its own and only a right PIN takes the count back. Inside a unit of work a count would be
rolled back with the refusal it causes: whoever opens one (a view) has counted before, and here it is compared only.
"""

import datetime as dt
import math
from uuid import UUID

from django.db import transaction

from fynlo.events.log import current_txn
from payments.credit.errors import PinDelayed, PinNeeded, PinWrong
from payments.credit.models import StoredValue
from payments.credit.pins import failures_at, pin_matches, wait_after


def prove_pin(*, account_id: UUID, pin: str, at: dt.datetime, pointer: str = "/pin") -> None:
    """Raise `PinNeeded`, `PinWrong`, or `PinDelayed` while the card has to wait. Without a PIN it needs none."""
    stored = StoredValue.objects.filter(pk=account_id).values_list("pin_hash", flat=True).first()
    if not stored:
        return
    if not pin:
        raise PinNeeded(pointer=pointer)
    counts = current_txn() is None
    if counts:
        _take_slot(account_id, at)
    if not pin_matches(pin=pin, stored=stored):
        raise PinWrong(pointer=pointer)
    if counts:
        _forget(account_id)


def _take_slot(account_id: UUID, at: dt.datetime) -> None:
    with transaction.atomic(durable=True):
        row = StoredValue.objects.select_for_update(no_key=True).get(pk=account_id)
        if row.pin_blocked_until is not None and at < row.pin_blocked_until:
            wait = math.ceil((row.pin_blocked_until - at).total_seconds())
            raise PinDelayed("Wait before the next try of this card's PIN.", retry_after=wait)
        row.pin_failures = failures_at(failures=row.pin_failures, tried_at=row.pin_tried_at, at=at) + 1
        row.pin_blocked_until = at + wait_after(row.pin_failures)
        row.pin_tried_at = at
        row.save(update_fields=["pin_failures", "pin_blocked_until", "pin_tried_at"])


def _forget(account_id: UUID) -> None:
    """Nothing was wrong: the count starts again."""
    rows = StoredValue.objects.filter(pk=account_id)
    rows.update(pin_failures=0, pin_blocked_until=None, pin_tried_at=None)
