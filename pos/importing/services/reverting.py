"""Taking an import back: every document it touched becomes what it was before."""

import datetime as dt
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.events.log import unit_of_work
from pos.catalog.services.restoring import Restored, restore_documents
from pos.catalog.services.writing import lock_catalog
from pos.importing.services.staging import locked
from pos.importing.states import IMPORT


def revert_import(*, import_id: UUID, actor: Actor, at: dt.datetime, force: bool = False) -> Restored:
    """Bring back what was before an applied import. Stock that it opened stays: stock is history.

    Raises `NotFound`, `IllegalTransition`, and `ChangedSince` naming what something else changed since, unless
    `force` says to take that back too.
    """
    actor.require("catalog.write")

    def revert() -> Restored:
        with unit_of_work():
            lock_catalog()
            record = locked(import_id)
            record.state = IMPORT.after(record.state, "revert")
            restored = restore_documents(
                before=record.revision_before or 0,
                after=record.revision_after or 0,
                actor=actor,
                at=at,
                force=force,
                cause=f"revert {record.file_name}",
            )
            record.reverted_at = at
            record.summary = {**record.summary, "kept": list(restored.kept)}
            record.save(update_fields=["state", "reverted_at", "summary"])
        return restored

    return run_transaction(revert)
