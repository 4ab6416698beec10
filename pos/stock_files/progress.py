"""How far a file is, kept where it is seen before the transaction that does the work has ended."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache

_KEPT_SECONDS: Final = 3600
Progress = Callable[[str, int, int], None]


def follower(file_id: UUID) -> Progress:
    """Remembers what it is told of a file's progress."""

    def told(phase: str, done: int, total: int) -> None:
        cache.set(_key(file_id), {"phase": phase, "done": done, "total": total}, _KEPT_SECONDS)

    return told


def progress_of(file_id: UUID) -> dict[str, Any] | None:
    """The last that was told, None if nothing is under way."""
    found: dict[str, Any] | None = cache.get(_key(file_id))
    return found


def forget(file_id: UUID) -> None:
    """The work has ended."""
    cache.delete(_key(file_id))


def _key(file_id: UUID) -> str:
    return f"stock-file-{file_id}"
