"""How far a file is, kept where it is seen before the transaction that does the work has ended."""

from typing import Any, Final
from uuid import UUID

from django.core.cache import cache

from pos.catalog.services.imports import Progress

_KEPT_SECONDS: Final = 3600


def follower(import_id: UUID) -> Progress:
    """Remembers what it is told of a file's progress."""

    def told(phase: str, done: int, total: int) -> None:
        cache.set(_key(import_id), {"phase": phase, "done": done, "total": total}, _KEPT_SECONDS)

    return told


def progress_of(import_id: UUID) -> dict[str, Any] | None:
    """The last that was told, None if nothing is under way."""
    found: dict[str, Any] | None = cache.get(_key(import_id))
    return found


def forget(import_id: UUID) -> None:
    """The work has ended."""
    cache.delete(_key(import_id))


def _key(import_id: UUID) -> str:
    return f"catalogue-import-{import_id}"
