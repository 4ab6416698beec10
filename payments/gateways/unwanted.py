"""Attempts nobody wants paid any more: another was allowed instead, or what owed the money is gone. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Protocol

WITHDRAWN: Final = "withdrawn"
"""Member of an attempt's details: why whoever asked for the money does not want it any more."""
BEYOND: Final = "beyond_minor"
"""Member of an attempt's details: what was taken beyond what the order owed, and is not given back yet."""


class Asked(Protocol):
    """What has to be known of an attempt."""

    @property
    def overridden_at(self) -> dt.datetime | None: ...
    @property
    def details(self) -> Mapping[str, Any]: ...


def is_unwanted(attempt: Asked) -> bool:
    """Whether it is let go as soon as somebody finds it open, and its page asks nobody to pay."""
    return attempt.overridden_at is not None or WITHDRAWN in attempt.details
