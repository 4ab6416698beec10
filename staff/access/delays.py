"""How long to wait after wrong PINs, as a function of their number. Pure.

A PIN has few digits, so tries are made slow instead: five are free, then the wait doubles from half a minute to
an hour. That leaves a guesser some 24 tries a day, and a person with a bad day an hour at most. The wait is
that of one person on one device; nobody else waits.
"""

import datetime as dt
from typing import Final

FREE_TRIES: Final = 5
FIRST_WAIT: Final = dt.timedelta(seconds=30)
LONGEST_WAIT: Final = dt.timedelta(hours=1)
FORGOTTEN_AFTER: Final = dt.timedelta(hours=24)
"""Wrong tries that lie longer back than this, with none since, are not counted any more."""


def wait_after(failures: int) -> dt.timedelta:
    """The wait before the next try, when `failures` tries in a row were wrong."""
    if failures < FREE_TRIES:
        return dt.timedelta(0)
    doublings = min(failures - FREE_TRIES, 20)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def failures_at(*, failures: int, tried_at: dt.datetime, at: dt.datetime) -> int:
    """How many wrong tries still count at the instant `at`."""
    return 0 if at - tried_at >= FORGOTTEN_AFTER else failures
