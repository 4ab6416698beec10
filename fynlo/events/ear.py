"""The relay's ear: nudges from Redis, and silence (never an error) while Redis is away."""

import time
from dataclasses import dataclass, field
from typing import Any

import structlog

from fynlo.events.broker import BrokerError, client
from fynlo.events.nudge import CHANNEL

log = structlog.get_logger("fynlo.relay")

_MOST_AT_ONCE = 500
_RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in: schemas with news, and whether the connection was only now (re)made."""

    schemas: frozenset[str] = field(default_factory=frozenset)
    reconnected: bool = False


class Ear:
    """Listens on the nudge channel; reconnects by itself, at most once a second."""

    def __init__(self) -> None:
        self._pubsub: Any = None
        self._deaf_until = 0.0
        self._complained = False

    def listen(self, *, seconds: float) -> Heard:
        """Wait up to `seconds` for nudges; everything already waiting comes in one answer."""
        try:
            self._connect()
            if self._pubsub is None:
                time.sleep(seconds)
                return Heard()
            return self._drain(seconds)
        except BrokerError as error:
            self._lost(error)
            return Heard()

    def close(self) -> None:
        """Give the connection back."""
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            try:
                pubsub.close()
            except BrokerError:
                log.debug("nudges_gone")

    def _connect(self) -> None:
        if self._pubsub is not None or time.monotonic() < self._deaf_until:
            return
        pubsub = client().pubsub()
        pubsub.subscribe(CHANNEL)
        self._pubsub, self._complained = pubsub, False

    def _drain(self, seconds: float) -> Heard:
        schemas: set[str] = set()
        reconnected = False
        message = self._pubsub.get_message(timeout=seconds)
        while message is not None:
            # The client reconnects silently; the new confirmation is how we learn that hints may be missing.
            reconnected = reconnected or message["type"] == "subscribe"
            if message["type"] == "message":
                schemas.add(message["data"].decode("utf-8", "replace"))
            if len(schemas) >= _MOST_AT_ONCE:
                break
            message = self._pubsub.get_message(timeout=0)
        return Heard(schemas=frozenset(schemas), reconnected=reconnected)

    def _lost(self, error: BrokerError) -> None:
        self.close()
        self._deaf_until = time.monotonic() + _RETRY_SECONDS
        if not self._complained:
            log.warning("nudges_lost", error=type(error).__name__, reason="sweeping only until Redis is back")
        self._complained = True
