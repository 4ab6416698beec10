"""The life of a file of stock."""

from typing import Final

from fynlo.core.states import Transitions

STAGED: Final = "staged"
APPLYING: Final = "applying"
APPLIED: Final = "applied"
REVERTING: Final = "reverting"
REVERTED: Final = "reverted"
DISCARDED: Final = "discarded"
RUNNING: Final = (APPLYING, REVERTING)
FINISH: Final = "finish"
"""What nobody asks for: the last row is done."""

# Asking again while it runs goes on where it stands; one that is half applied can be taken back.
STOCK_FILE: Final = Transitions(
    "stock file",
    {
        (STAGED, "apply"): APPLYING,
        (STAGED, "discard"): DISCARDED,
        (APPLYING, "apply"): APPLYING,
        (APPLYING, "revert"): REVERTING,
        (APPLYING, FINISH): APPLIED,
        (APPLIED, "revert"): REVERTING,
        (REVERTING, "revert"): REVERTING,
        (REVERTING, FINISH): REVERTED,
    },
)


def possible(state: str) -> list[str]:
    """What somebody can ask for."""
    return [event for event in STOCK_FILE.events(state) if event != FINISH]
