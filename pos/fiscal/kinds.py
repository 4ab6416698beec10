"""What a journal tells of."""

from typing import Final

SALE: Final = "sale"
VOID: Final = "void"
REFUND: Final = "refund"
CANCEL: Final = "cancel"
REPRINT: Final = "reprint"
DRAWER_OPENED: Final = "drawer_opened"
CASH_MOVED: Final = "cash_moved"
SESSION_OPENED: Final = "session_opened"
CLOSING: Final = "closing"
LATE: Final = "late"
TRAINING: Final = "training"
CHECKPOINT: Final = "checkpoint"
SYSTEM: Final = "system"
SIGNED: Final = "signed"

KINDS: Final = (
    SALE,
    VOID,
    REFUND,
    CANCEL,
    REPRINT,
    DRAWER_OPENED,
    CASH_MOVED,
    SESSION_OPENED,
    CLOSING,
    LATE,
    TRAINING,
    CHECKPOINT,
    SYSTEM,
    SIGNED,
)
"""Kinds of entries. `system` is the technical log (software, clock, keys, outages)."""

NUMBER_LENGTH: Final = 60
"""Characters a readable number may have."""
