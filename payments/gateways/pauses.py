"""How long nobody looks at money whose fate is open. Pure."""

import datetime as dt
from typing import Final

FIRST: Final = 2
LONGEST: Final = 300
_ENOUGH_DOUBLINGS: Final = 8

GRACE: Final = dt.timedelta(seconds=10)
"""How long a call may be under way before somebody else looks what became of it."""
ARRIVES_WITHIN: Final = dt.timedelta(minutes=2)
"""So long after it was sent, a request has reached the vendor or never will: longer than any client of ours waits
for its answer, with all its repeats."""
ABANDONED_AFTER: Final = dt.timedelta(minutes=15)
"""What was begun or declined and is not gone on with for this long is let go."""
SAME_KEY_FOR: Final = dt.timedelta(hours=23)
"""Vendors remember a key for a day at least; past that the same request may charge again."""
DECIDED_AFTER: Final = dt.timedelta(hours=24)
"""So long after it was asked for, no request under its key is still on its way: what is not listed never was."""
LINK_LIFETIME: Final = dt.timedelta(hours=23)
"""How long a link can be paid unless somebody says otherwise: nothing is asked for for ever.

Vendors keep a page for a day at most, and theirs is to end after ours."""
CAPTURE_MARGIN: Final = dt.timedelta(hours=1)
"""This long before an authorisation ends, it is captured or let go."""
HELD_PRESENT: Final = dt.timedelta(days=2)
"""How long an authorisation of a card at a reader holds at least, where the vendor does not say."""
HELD_REMOTE: Final = dt.timedelta(days=7)
"""The same of a card on a guest's own device."""


def held_until(*, channel: str, at: dt.datetime, capture_before: dt.datetime | None) -> dt.datetime:
    """When a reservation ends: as the vendor says, else counted from when it was asked for, before it began."""
    if capture_before is not None:
        return capture_before
    return at + (HELD_PRESENT if channel == "present" else HELD_REMOTE)


def pause(looks: int) -> dt.timedelta:
    """2, 4, 8 … 300 seconds after so many looks in vain."""
    return dt.timedelta(seconds=min(FIRST * 2 ** min(looks, _ENOUGH_DOUBLINGS), LONGEST))
