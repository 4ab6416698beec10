"""Sales for practice: they are kept in the journal alone, whole, as the till was answered."""

from typing import Any
from uuid import UUID

import orjson
from django.db.models import QuerySet

from pos.fiscal.kinds import TRAINING
from pos.registers.journal.models import JournalEntry


def training_entries(*, register_id: UUID | None = None) -> QuerySet[JournalEntry]:
    """The journal's entries of sales for practice, of one register if said."""
    found = JournalEntry.objects.filter(kind=TRAINING)
    return found if register_id is None else found.filter(register_id=register_id)


def training_document(entry: JournalEntry) -> dict[str, Any]:
    """The order document that the till was answered."""
    document: dict[str, Any] = orjson.loads(orjson.loads(entry.body)["document"])
    return document
