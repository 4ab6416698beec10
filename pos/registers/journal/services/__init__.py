"""What writes journals, one story per file."""

from pos.registers.journal.services.appending import append_entries, entry_row
from pos.registers.journal.services.checkpoints import append_checkpoint, sign_checkpoints

__all__ = ["append_checkpoint", "append_entries", "entry_row", "sign_checkpoints"]
