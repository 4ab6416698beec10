"""Identifiers: UUID version 7 (RFC 9562, section 5.7), made by whoever creates the thing."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0
_counter = 0
_COUNTER_BITS = 12
_RANDOM_BITS = 62


def new_id() -> uuid.UUID:
    """A new UUIDv7; later calls in one process compare greater (monotonic counter in `rand_a`).

    The counter starts at a random value below half of its range in each millisecond; when it runs over,
    the time part is moved one millisecond ahead (RFC 9562, section 6.2, method 1).
    """
    global _last_ms, _counter  # noqa: PLW0603  one generator per process, guarded by the lock
    with _lock:
        ms = time.time_ns() // 1_000_000
        if ms > _last_ms:
            _last_ms = ms
            _counter = int.from_bytes(os.urandom(2), "big") & 0x7FF
        else:
            _counter += 1
            if _counter >> _COUNTER_BITS:
                _last_ms += 1
                _counter = int.from_bytes(os.urandom(2), "big") & 0x7FF
        ms, counter = _last_ms, _counter
    random = int.from_bytes(os.urandom(8), "big") & ((1 << _RANDOM_BITS) - 1)
    value = (ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | random
    return uuid.UUID(int=value)


def is_uuid7(value: uuid.UUID) -> bool:
    """Whether `value` is a UUID of version 7 in the RFC 9562 variant."""
    return value.version == 7 and value.variant == uuid.RFC_4122  # noqa: PLR2004
