"""Files of cards between being looked at and being imported: sealed, in memory, for an hour.

They hold money in clear text, so they are in no table, no backup and no message: a worker is told a key. With them
goes what a worker has hashed of their PINs (an hour's work need not be done twice) and how far it is.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache

from fynlo.core.sealing import CannotUnseal, seal, unseal
from payments.credit.card_files import MOST_ROWS, Written

KEPT_SECONDS: Final = 3600
BUSY_SECONDS: Final = 120
"""Who says nothing for so long was killed; somebody else may go on."""
PIECE: Final = 50
"""PINs that are hashed together: a few seconds."""
MOST_PIECES: Final = -(-MOST_ROWS // PIECE)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCards:
    """A file that was sent. `id` is that of the import it would become."""

    id: UUID
    name: str
    content: bytes = field(repr=False)
    written: Written
    sent_by: str = ""


def keep_staged(staged: StagedCards) -> None:
    """Keep it for an hour; again replaces it."""
    text = json.dumps(
        {
            "name": staged.name,
            "content": base64.b64encode(staged.content).decode(),
            "written": asdict(staged.written),
            "sent_by": staged.sent_by,
        }
    )
    cache.set(_key(staged.id, "file"), seal(text.encode()), KEPT_SECONDS)


def staged_cards(*, import_id: UUID) -> StagedCards | None:
    """The file that was sent, None when it is not here (any more)."""
    sealed = cache.get(_key(import_id, "file"))
    if sealed is None:
        return None
    try:
        said = json.loads(unseal(sealed))
    except CannotUnseal:  # the platform's keys were changed meanwhile
        return None
    return StagedCards(
        id=import_id,
        name=said["name"],
        content=base64.b64decode(said["content"]),
        written=Written(**said["written"]),
        sent_by=said["sent_by"],
    )


def forget_staged(*, import_id: UUID) -> None:
    """Nothing is left of it."""
    pieces = [f"pins-{piece}" for piece in range(MOST_PIECES)]
    cache.delete_many([_key(import_id, what) for what in ("file", "busy", "far", *pieces)])


def claim_staged(*, import_id: UUID, by: str) -> bool:
    """Say that somebody imports it; False when somebody does already. Ends by itself with `BUSY_SECONDS`."""
    is_first = bool(cache.add(_key(import_id, "busy"), by, BUSY_SECONDS))
    if is_first:
        cache.set(_key(import_id, "far"), {"done": 0, "total": 1}, KEPT_SECONDS)
    return is_first


def busy_with(*, import_id: UUID) -> str | None:
    """Who imports it now."""
    found: str | None = cache.get(_key(import_id, "busy"))
    return found


def follower(*, import_id: UUID, by: str) -> Progress:
    """Remembers what it is told, and that somebody lives."""

    def told(done: int, total: int) -> None:
        cache.set(_key(import_id, "busy"), by, BUSY_SECONDS)
        cache.set(_key(import_id, "far"), {"done": done, "total": total}, KEPT_SECONDS)

    return told


def stop_working(*, import_id: UUID, failure: str = "") -> None:
    """Nobody works on it any more; `failure` is why nothing came of it."""
    cache.delete(_key(import_id, "busy"))
    cache.set(_key(import_id, "far"), {"failure": failure}, KEPT_SECONDS)


def progress_of(*, import_id: UUID) -> dict[str, Any]:
    """The last that was told: `done` of `total`, or `failure`."""
    found: dict[str, Any] = cache.get(_key(import_id, "far")) or {}
    return found


class KeptPins:
    """Hashes of a file's PINs, piece by piece, as long as the file: a worker that was killed is gone on from."""

    def __init__(self, import_id: UUID) -> None:
        self.import_id = import_id

    def get(self, piece: int) -> list[str] | None:
        """What was hashed of a piece."""
        found: list[str] | None = cache.get(_key(self.import_id, f"pins-{piece}"))
        return found

    def keep(self, piece: int, hashes: list[str]) -> None:
        """A piece is hashed."""
        cache.set(_key(self.import_id, f"pins-{piece}"), hashes, KEPT_SECONDS)


def _key(import_id: UUID, what: str) -> str:
    return f"gift-cards-{import_id}-{what}"
