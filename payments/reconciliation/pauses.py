"""When a run that broke off is taken up again, and when it is given up. Pure."""

import datetime as dt
from typing import Final

FAILURES: Final = 10
"""A run that broke off so often is given up; the next one compares what it did not."""
ABANDONED_AFTER: Final = dt.timedelta(minutes=5)
"""Whoever works on a run touches it with every batch; one that nobody touched for so long is taken up again."""
_FIRST: Final = dt.timedelta(minutes=5)
_LONGEST: Final = dt.timedelta(hours=1)
_DOUBLED_AT_MOST: Final = 10


def pause_after(failures: int) -> dt.timedelta:
    """How long a run waits that broke off so often: not at all, then 5, 10, 20, 40 minutes, an hour at most."""
    if failures == 0:
        return dt.timedelta(0)
    return min(_FIRST * 2 ** min(failures - 1, _DOUBLED_AT_MOST), _LONGEST)
