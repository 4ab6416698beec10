"""What writes journals, one story per file."""

from pos.registers.journal.services.appending import append_entries, entry_row

__all__ = ["append_entries", "entry_row"]
