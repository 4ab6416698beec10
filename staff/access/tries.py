"""The slot a try takes before its PIN is compared (traps 23 and 24).

Counting after the comparison would let a hundred simultaneous guesses through before the first is counted. So
each try is counted as wrong in a transaction of its own, under the row's lock, and only a right PIN takes the
count back. The count is kept in the database: it survives restarts, needs no second store that may be away,
and a till makes a few tries a minute at most.
"""

import datetime as dt
import math
import uuid

from django.db import transaction

from staff.access.delays import failures_at, wait_after
from staff.access.errors import SignInDelayed
from staff.access.models import SignInTry


def take_slot(*, device_id: uuid.UUID, employee_number: str, at: dt.datetime) -> None:
    """Count a try of this number on this device; raises `SignInDelayed` while it has to wait.

    Four statements whether or not anybody has the number.
    """
    with transaction.atomic(durable=True):
        SignInTry.objects.bulk_create(
            [SignInTry(device_id=device_id, employee_number=employee_number, tried_at=at)],
            ignore_conflicts=True,
        )
        row = SignInTry.objects.select_for_update().get(device_id=device_id, employee_number=employee_number)
        if row.blocked_until is not None and at < row.blocked_until:
            raise SignInDelayed(
                "Wait before this person's next try on this device.",
                retry_after=math.ceil((row.blocked_until - at).total_seconds()),
            )
        row.failures = failures_at(failures=row.failures, tried_at=row.tried_at, at=at) + 1
        row.blocked_until = at + wait_after(row.failures)
        row.tried_at = at
        row.save(update_fields=["failures", "blocked_until", "tried_at"])


def forget(*, device_id: uuid.UUID, employee_number: str) -> None:
    """Nothing was wrong: the count of this number on this device starts again."""
    SignInTry.objects.filter(device_id=device_id, employee_number=employee_number).delete()
