"""When something happened: now, or earlier if whoever writes it down says so."""

import datetime as dt
from typing import Final

from pos.inventory.errors import TimeOutOfRange

CLOCK_DRIFT: Final = dt.timedelta(minutes=2)
"""How far a device's clock may be ahead of the server's; what it says then is taken to be now."""
EARLIEST: Final = dt.datetime(2000, 1, 2, tzinfo=dt.UTC)
"""Before that nothing was kept; stock cards begin there."""


def moment_of(*, stated: dt.datetime | None, at: dt.datetime) -> dt.datetime:
    """The moment that counts: `stated`, if somebody said one, else `at`.

    Raises `TimeOutOfRange` for the future and for what was before `EARLIEST`, with the pointer `/at`.
    """
    if stated is None:
        return at
    if stated > at + CLOCK_DRIFT:
        raise TimeOutOfRange("Nothing happened in the future.", pointer="/at")
    if stated < EARLIEST:
        raise TimeOutOfRange(f"Stock is kept since {EARLIEST.year}.", pointer="/at")
    return min(stated, at)
