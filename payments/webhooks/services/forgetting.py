"""What vendors said is kept as long as somebody may still ask what came in, not for ever."""

import datetime as dt
from typing import Final

from payments.webhooks import states
from payments.webhooks.models import InboundEvent

KEPT_FOR: Final = dt.timedelta(days=30)


def forget_payloads(*, at: dt.datetime) -> int:
    """Empty the events that were acted on a month ago; the row stays, so one that rings again is known.

    What is parked waits for a person and keeps what it said. Returns how many. Safe to repeat.
    """
    over = InboundEvent.objects.filter(
        state__in=(states.HANDLED, states.IGNORED), handled_at__lte=at - KEPT_FOR
    )
    return over.exclude(payload={}).update(payload={})
