"""Reading a hundred thousand rows makes millions of objects, none of which is garbage while it lasts."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_pauses = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Nobody looks for reference cycles meanwhile: that walks all objects again and again, a third of the time.

    What is no longer referred to is freed at once all the same. Nests, and works from several threads.
    """
    global _pauses  # noqa: PLW0603  one collector per process, guarded by the lock
    with _lock:
        _pauses += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _pauses -= 1
            if not _pauses:
                gc.enable()
