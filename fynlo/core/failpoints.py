"""Named places where a test lets this process die, as a machine does when its power is cut.

`FYNLO_FAILPOINTS` names them, separated by commas (`attempt.begin.answered`, or `attempt.begin.answered@2` for the
second time it is reached). Nothing is named outside tests, and in production the check `fynlo.E010` refuses to
start with any.
"""

import os
import signal
from collections import Counter

from django.conf import settings

_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Die here (SIGKILL: nothing is cleaned up) if `FYNLO_FAILPOINTS` names this place; else do nothing."""
    named: list[str] = settings.FYNLO_FAILPOINTS
    if not named:
        return
    _reached[name] += 1
    if f"{name}@{_reached[name]}" in named or name in named:
        os.kill(os.getpid(), signal.SIGKILL)
