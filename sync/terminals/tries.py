"""The slot a try takes before the code's secret is compared (trap 24).

One UPDATE both asks whether a try is left and takes it, and it commits before anything is compared. So twenty
tries at once are counted as exactly as twenty one after the other, also when the request fails afterwards.
"""

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import F

from sync.terminals.models import PairingCode

MAX_TRIES: Final = 5


def take_try(*, selector: str, at: dt.datetime) -> PairingCode | None:
    """The code with this selector after taking one of its tries; None when it has none left or is too old.

    Two statements in either case.
    """
    with transaction.atomic(durable=True):
        code: PairingCode | None
        taken = PairingCode.objects.filter(selector=selector, expires_at__gt=at, tries__lt=MAX_TRIES).update(
            tries=F("tries") + 1
        )
        code = PairingCode.objects.filter(selector=selector).first()
    return code if taken else None
