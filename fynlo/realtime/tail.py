"""Where one socket stands in the feed: what was sent, what is known to exist, what waits. Pure.

Live frames are hints: they may come twice, late, or not at all. A tail passes on only the next position,
drops what was sent already, and says when the database has to fill a gap. It holds a bounded number of
bytes; what does not fit is not lost, because its position is remembered and the database has it.
"""

from collections.abc import Iterable

from fynlo.realtime.frames import EventFrame

LARGEST_BUFFER = 1024 * 1024
"""Bytes of text one socket may keep in memory."""


class Tail:
    """The end of the feed as one socket sees it; `sent` is the last position that went out."""

    def __init__(self, *, sent: int, capacity: int = LARGEST_BUFFER) -> None:
        self.sent = sent
        self.known = sent
        self._capacity = capacity
        self._size = 0
        self._waiting: dict[int, EventFrame] = {}

    @property
    def behind(self) -> bool:
        """Whether something is known to exist that was not sent."""
        return self.known > self.sent

    @property
    def buffered_bytes(self) -> int:
        """Bytes of the frames that wait."""
        return self._size

    def offer(self, frames: Iterable[EventFrame]) -> None:
        """Take live frames in."""
        for frame in frames:
            self.known = max(self.known, frame.seq)
            fits = self._size + len(frame.text) <= self._capacity
            if frame.seq > self.sent and frame.seq not in self._waiting and fits:
                self._waiting[frame.seq] = frame
                self._size += len(frame.text)

    def note_head(self, head: int) -> None:
        """The log reaches up to `head`, whether or not a frame told so."""
        self.known = max(self.known, head)

    def next_run(self, *, limit: int) -> list[EventFrame]:
        """The waiting frames that follow `sent` without a gap, at most `limit`; empty when there is a gap."""
        run: list[EventFrame] = []
        while len(run) < limit and (frame := self._waiting.get(self.sent + len(run) + 1)):
            run.append(frame)
        return run

    def mark_sent(self, seq: int) -> None:
        """Everything up to `seq` went out."""
        if seq <= self.sent:
            return
        positions: Iterable[int] = range(self.sent + 1, seq + 1)
        if seq - self.sent > len(self._waiting):
            positions = [position for position in self._waiting if position <= seq]
        for position in positions:
            frame = self._waiting.pop(position, None)
            if frame is not None:
                self._size -= len(frame.text)
        self.sent = seq
        self.known = max(self.known, seq)

    def nothing_more(self) -> None:
        """The database has nothing after `sent`: whoever claimed otherwise was wrong."""
        self.known = self.sent
        self._waiting.clear()
        self._size = 0
