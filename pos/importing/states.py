"""The life of an imported file."""

from typing import Final

from fynlo.core.states import Transitions

STAGED: Final = "staged"
APPLIED: Final = "applied"
REVERTED: Final = "reverted"
DISCARDED: Final = "discarded"

IMPORT: Final = Transitions(
    "catalogue import",
    {
        (STAGED, "apply"): APPLIED,
        (STAGED, "discard"): DISCARDED,
        (APPLIED, "revert"): REVERTED,
    },
)
