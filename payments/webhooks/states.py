"""The life of what came in: stored, then handled or ignored, or parked until a person looks."""

from typing import Final

from fynlo.core.states import Transitions

STORED: Final = "stored"
HANDLED: Final = "handled"
IGNORED: Final = "ignored"
PARKED: Final = "parked"

INBOUND: Final = Transitions(
    "inbound event",
    {
        (STORED, "handle"): HANDLED,
        (STORED, "ignore"): IGNORED,
        (STORED, "park"): PARKED,
        (STORED, "postpone"): STORED,
        (PARKED, "retry"): STORED,
    },
)
