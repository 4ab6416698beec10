"""The life of a drawer session.

An opening is checked where a second person counts the float (`opening_control`), and so is a closing. A drawer can
be closed from every state: nothing that was not done before may keep the evening's money from being counted. Sales
are taken in every state but `closed`: what was sold is recorded, whatever the drawer's state.
"""

from typing import Final

from fynlo.core.states import Transitions

OPENING_CONTROL: Final = "opening_control"
OPEN: Final = "open"
CLOSING_CONTROL: Final = "closing_control"
CLOSED: Final = "closed"

SESSION: Final = Transitions(
    "cash session",
    {
        (OPENING_CONTROL, "confirm_opening"): OPEN,
        (OPENING_CONTROL, "begin_closing"): CLOSING_CONTROL,
        (OPENING_CONTROL, "close"): CLOSED,
        (OPEN, "begin_closing"): CLOSING_CONTROL,
        (OPEN, "close"): CLOSED,
        (CLOSING_CONTROL, "count"): CLOSING_CONTROL,
        (CLOSING_CONTROL, "recount"): CLOSING_CONTROL,
        (CLOSING_CONTROL, "resume"): OPEN,
        (CLOSING_CONTROL, "close"): CLOSED,
    },
)
SESSION_STATES: Final = (OPENING_CONTROL, OPEN, CLOSING_CONTROL, CLOSED)
