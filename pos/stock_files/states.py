"""The life of a file of stock."""

from typing import Final

from fynlo.core.states import Transitions

STAGED: Final = "staged"
APPLIED: Final = "applied"
REVERTED: Final = "reverted"
DISCARDED: Final = "discarded"

STOCK_FILE: Final = Transitions(
    "stock file",
    {
        (STAGED, "apply"): APPLIED,
        (STAGED, "discard"): DISCARDED,
        (APPLIED, "revert"): REVERTED,
    },
)
