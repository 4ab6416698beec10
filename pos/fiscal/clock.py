"""Seeing in a journal that the server's clock was turned back."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from pos.fiscal.entries import SealedEntry

TOLERANCE: Final = dt.timedelta(minutes=1)
"""Who waits for another's lock has read the clock before; that is no jump."""
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """The entry after `after_position` was recorded at `after`, earlier than `before`, the latest until then."""

    after_position: int
    before: dt.datetime
    after: dt.datetime


class ClockWatch:
    """Sees entries in their order and keeps the jumps, the first hundred of them."""

    def __init__(self) -> None:
        self.jumps: list[Jump] = []
        self._latest: dt.datetime | None = None

    def see(self, entry: SealedEntry) -> None:
        """Note if the clock went back before this entry. What follows is compared with the clock as it is then."""
        latest = self._latest
        if latest is not None and latest - entry.recorded_at > TOLERANCE:
            if len(self.jumps) < _MOST:
                jump = Jump(after_position=entry.position - 1, before=latest, after=entry.recorded_at)
                self.jumps.append(jump)
            self._latest = entry.recorded_at
        elif latest is None or entry.recorded_at > latest:
            self._latest = entry.recorded_at
