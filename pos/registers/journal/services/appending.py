"""Adding to a register's journal: under the register's row lock, in the transaction of what is told of."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from fynlo.core.errors import NotFound
from fynlo.core.inserts import insert_rows
from pos.fiscal.entries import JournalDraft, SealedEntry
from pos.registers.journal.models import JournalEntry

# The lock an UPDATE of the counters takes: rows that merely point to the register need not wait.
_LOCK = "SELECT code, last_journal_position, journal_head FROM pos_register WHERE id = %s FOR NO KEY UPDATE"
_RAISE = "UPDATE pos_register SET last_journal_position = %s, journal_head = %s WHERE id = %s"


def append_entries(
    *, register_id: UUID, drafts: Sequence[JournalDraft], recorded_at: dt.datetime
) -> list[SealedEntry]:
    """Append these entries to the register's journal, in their order, and return them in their places.

    Runs in the caller's unit of work and locks the register's row until COMMIT, so call it where
    `docs/algorithms/locking.md` locks registers, or later if the row is held already. Three statements, none
    without drafts. `recorded_at` is now. Raises `NotFound`.
    """
    if not drafts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [register_id])
        found = cursor.fetchone()
        if found is None:
            raise NotFound("There is no such register.")
        code, position, head = found
        sealed = []
        for draft in drafts:
            position += 1
            entry = draft.sealed(
                register_code=code, position=position, previous_hash=head, recorded_at=recorded_at
            )
            sealed.append(entry)
            head = entry.hash
        insert_rows([entry_row(register_id=register_id, entry=entry) for entry in sealed])
        cursor.execute(_RAISE, [position, head, register_id])
    return sealed


def entry_row(*, register_id: UUID, entry: SealedEntry) -> JournalEntry:
    """The row of an entry in its place, not saved."""
    return JournalEntry(
        register_id=register_id,
        register_code=entry.register_code,
        position=entry.position,
        kind=entry.kind,
        number=entry.number,
        at=entry.at,
        recorded_at=entry.recorded_at,
        business_date=entry.business_date,
        recipe=entry.recipe,
        body=entry.body,
        previous_hash=entry.previous_hash,
        hash=entry.hash,
    )
