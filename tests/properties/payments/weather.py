"""What goes wrong in the machine: answers that are lost, vendors that are busy, processes that die."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings

LOST: Final = ("lost_after", "lost_before", "server_error", "rate_limited", "rate_limited_silently")
DIES: Final = ("dies_before", "dies_after", "dies_written")
"""The process is gone before the request left, after the vendor did it, after the answer was written down."""
WRITES: Final = (None, None, None, *LOST, *DIES, "lost_after", "dies_after")
"""What a request that changes something meets in a storm, nothing every fourth time."""
STARTS: Final = (*WRITES, "reader_busy", "unknown_state")
READS: Final = (None, None, "server_error", "unknown_state", "dies_after")
NOTHING_DONE: Final = frozenset(
    {"lost_before", "server_error", "rate_limited", "rate_limited_silently", "dies_before"}
)
"""After these the vendor has heard of nothing."""
_STAGES: Final = {"dies_before": "committed", "dies_after": "answered", "dies_written": "written"}
_OF_REFUNDS: Final = {"dies_before": "sent", "dies_after": "answered", "dies_written": "written"}


class Broken(AssertionError):
    """Something that must always hold does not: `name` says what."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}: {text}")
        self.name = name


def holds(name: str, condition: object, text: object = "") -> None:
    """Raise `Broken` unless it does."""
    if not condition:
        raise Broken(name, str(text))


class Killed(BaseException):
    """Whatever comes after it is not done; nothing of ours catches it, as nothing catches SIGKILL."""


def failpoint(verb: str, death: str) -> str:
    """Where in the code a process dies so."""
    return f"refund.{_OF_REFUNDS[death]}" if verb == "refund" else f"attempt.{verb}.{_STAGES[death]}"


@contextmanager
def killed_at(name: str) -> Iterator[None]:
    """The process dies where the code reaches this failpoint; here it is an exception, so that the test lives."""

    def kill(_process: int, _signal: int) -> None:
        raise Killed(name)

    right, named = os.kill, settings.FYNLO_FAILPOINTS
    os.kill, settings.FYNLO_FAILPOINTS = kill, [name]
    try:
        yield
    finally:
        os.kill, settings.FYNLO_FAILPOINTS = right, named
