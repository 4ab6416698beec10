"""The hint after COMMIT that wakes the relay. Losing every one of them changes nothing but the delay."""

import time

import structlog

from fynlo.events.broker import BrokerError, client

CHANNEL = "fynlo:nudge"
_PAUSE_SECONDS = 5.0

log = structlog.get_logger("fynlo.events")


class _Pause:
    """After a failure no hint is tried for a while: a Redis that hangs costs one sale in that while two seconds."""

    until = 0.0


def send(schema: str) -> None:
    """Tell the relay that `schema` has news. Called after COMMIT; never raises, the sweep repeats it."""
    if time.monotonic() < _Pause.until:
        return
    try:
        client().publish(CHANNEL, schema)
    except BrokerError as error:
        _Pause.until = time.monotonic() + _PAUSE_SECONDS
        log.warning("nudge_failed", schema=schema, error=type(error).__name__)
