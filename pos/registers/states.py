"""The life of a drawer session."""

from typing import Final

from fynlo.core.states import Transitions

OPEN: Final = "open"
CLOSED: Final = "closed"

SESSION: Final = Transitions("cash session", {(OPEN, "close"): CLOSED})
