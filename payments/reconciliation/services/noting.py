"""Differences are noted once, however many runs see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection as database

from fynlo.core.ids import new_id
from payments.reconciliation.services.claiming import Claim

KEPT: Final = ("accepted", "to_fees", "given_back")
"""What a person decided stays decided while the amounts stay; anything else is open again when it is seen again."""
_COLUMNS: Final = (
    ("id", "uuid"),
    ("kind", "text"),
    ("subject", "text"),
    ("ours", "text"),
    ("theirs", "text"),
    ("ours_minor", "bigint"),
    ("theirs_minor", "bigint"),
    ("currency", "text"),
    ("payout_id", "uuid"),
    ("attempt_id", "uuid"),
    ("subject_id", "uuid"),
)
_NAMES: Final = ", ".join(name for name, _ in _COLUMNS)
_NOTE: Final = f"""
INSERT INTO payments_difference AS known
    (connection_id, state, action, reason, resolved_by, found_at, found_run, seen_run, {_NAMES})
SELECT %(connection)s, 'open', '', '', '', %(at)s, %(run)s, %(run)s, new.* FROM unnest({
    ", ".join(f"%({name})s::{kind}[]" for name, kind in _COLUMNS)
}) AS new ({_NAMES})
ON CONFLICT (connection_id, kind, subject) DO UPDATE SET seen_run = excluded.seen_run, ours = excluded.ours,
    theirs = excluded.theirs, ours_minor = excluded.ours_minor, theirs_minor = excluded.theirs_minor,
    payout_id = COALESCE(excluded.payout_id, known.payout_id),
    attempt_id = COALESCE(excluded.attempt_id, known.attempt_id),
    subject_id = COALESCE(excluded.subject_id, known.subject_id),
    state = CASE WHEN known.state = 'resolved' AND known.action = ANY(%(kept)s)
        AND (known.ours_minor, known.theirs_minor)
            IS NOT DISTINCT FROM (excluded.ours_minor, excluded.theirs_minor)
        THEN 'resolved' ELSE 'open' END
"""  # noqa: S608  our own names


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A difference as a run found it."""

    kind: str
    subject: str
    currency: str
    ours: str = ""
    theirs: str = ""
    ours_minor: int | None = None
    theirs_minor: int | None = None
    payout_id: UUID | None = None
    attempt_id: UUID | None = None
    subject_id: UUID | None = None


def note(claim: Claim, found: Iterable[Found]) -> int:
    """Write them down in the caller's batch: new ones, and old ones that are still there. Returns how many."""
    rows = {(each.kind, each.subject[:160]): each for each in found}
    if not rows:
        return 0
    columns: dict[str, Any] = {"id": [new_id() for _ in rows], "subject": [key[1] for key in rows]}
    for name, _ in _COLUMNS:
        if name not in columns:
            columns[name] = [getattr(each, name) for each in rows.values()]
    facts: dict[str, Any] = {
        "connection": claim.connection.pk,
        "run": claim.run_id,
        "at": claim.clock(),
        "kept": list(KEPT),
    }
    with database.cursor() as cursor:
        cursor.execute(_NOTE, {**columns, **facts})
    return len(rows)
