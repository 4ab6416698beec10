"""A register's journal looked at with nothing but the recipe of `docs/fiscal.md`: the hashes are made once more."""

import datetime as dt
import hashlib
from collections import Counter
from uuid import UUID

from pos.registers.journal.models import JournalEntry
from pos.registers.models import Register


def whole_chain(register_id: UUID) -> Counter[str]:
    """How many entries of each kind; an altered, missing or forked entry is an AssertionError."""
    register = Register.objects.get(pk=register_id)
    entries = list(JournalEntry.objects.filter(register_id=register_id).order_by("position"))
    before = ""
    for position, entry in enumerate(entries, start=1):
        assert (entry.position, entry.previous_hash) == (position, before)
        lines = (
            f"fynlo-journal-{entry.recipe}",
            register.code,
            str(position),
            entry.kind,
            entry.number,
            _instant(entry.at),
            _instant(entry.recorded_at),
            str(entry.business_date),
            before,
            entry.body,
        )
        assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == entry.hash
        before = entry.hash
    assert (register.last_journal_position, register.journal_head) == (len(entries), before)
    return Counter(entry.kind for entry in entries)


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
