"""Log files of child processes: one file per process and start, the last three kept."""

from pathlib import Path
from typing import IO, Final

_KEPT: Final = 3
_TAIL_BYTES: Final = 64 * 1024


def open_log(path: Path) -> IO[bytes]:
    """Move the logs of earlier starts one number on and open a new one (readable by its owner only)."""
    for number in range(_KEPT - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    if path.exists():
        path.replace(path.with_name(f"{path.name}.1"))
    path.touch(mode=0o600)
    return path.open("ab", buffering=0)


def tail(path: Path, *, lines: int) -> list[str]:
    """Return the last non-empty lines of a log, fewer if it is short, none if it is missing."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-lines:]
