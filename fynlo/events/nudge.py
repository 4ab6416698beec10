"""The hint after COMMIT that wakes the relay. Losing every one of them changes nothing but the delay."""

import logging
import time

from fynlo.events.broker import BrokerError, client

CHANNEL = "fynlo:nudge"
_PAUSE_SECONDS = 1.0

logger = logging.getLogger(__name__)


class _Pause:
    """After a failure no hint is tried for a moment, so that a Redis that hangs cannot slow every sale down."""

    until = 0.0


def send(schema: str) -> None:
    """Tell the relay that `schema` has news. Called after COMMIT; never raises, the sweep repeats it."""
    if time.monotonic() < _Pause.until:
        return
    try:
        client().publish(CHANNEL, schema)
    except BrokerError as error:
        _Pause.until = time.monotonic() + _PAUSE_SECONDS
        logger.warning("no nudge for %s, the sweep will find it: %s", schema, error)
