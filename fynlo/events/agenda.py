"""Which tenant a reader serves next, and when it may try a failing one again. Pure: the clock is handed in."""

from dataclasses import dataclass, field

REST = 0.03
"""Seconds a tenant rests after a page, so that a busy one is served in batches: a page is a transaction."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
LONGEST_PAUSE_OF_OUTAGE = 5.0


@dataclass(slots=True)
class Agenda:
    """The tenants one reader has to look at, each with the moment from which it may.

    A failing tenant waits 0.5 s, doubling to 60 s (5 s while a server is away, since that heals for everyone
    at once); a new hint never shortens that wait. The others are not delayed.
    """

    _due: dict[str, float] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)

    def offer(self, schema: str, *, now: float) -> None:
        """Look at `schema` as soon as it may be looked at."""
        self._due.setdefault(schema, max(now, self._not_before.get(schema, now)))

    def next(self, *, now: float) -> str | None:
        """Take the tenant that has been due longest, or None when none is due yet."""
        schema = min(self._due, key=self._due.__getitem__, default=None)
        if schema is None or self._due[schema] > now:
            return None
        del self._due[schema]
        return schema

    def wait(self, *, now: float) -> float | None:
        """Seconds until the next tenant is due; None when there is none."""
        return max(0.0, min(self._due.values()) - now) if self._due else None

    def succeeded(self, schema: str, *, now: float, again: bool = False) -> None:
        """Forget former failures of `schema`; with `again` it is due at once, else it rests for a moment."""
        self._failures.pop(schema, None)
        if again:
            self._not_before.pop(schema, None)
            self.offer(schema, now=now)
        else:
            self._not_before[schema] = now + REST

    def failed(self, schema: str, *, now: float, outage: bool = False) -> float:
        """Put `schema` off and return for how many seconds."""
        count = self._failures.get(schema, 0)
        self._failures[schema] = count + 1
        longest = LONGEST_PAUSE_OF_OUTAGE if outage else LONGEST_PAUSE
        pause = min(longest, FIRST_PAUSE * 2 ** min(count, 10))
        self._not_before[schema] = self._due[schema] = now + pause
        return pause

    @property
    def failing(self) -> dict[str, int]:
        """The tenants that failed last time, with how often in a row."""
        return dict(self._failures)
