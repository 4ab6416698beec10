"""The small files in a state folder: passwords, the lock of the starter, and the list of running servers."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.processes import Identity, is_alive

_FORMAT: Final = 1
_LOCK: Final = "lock"
_USERS: Final = "users"
_SECRETS: Final = "secrets.json"
_SERVICES: Final = "services.json"
LOCK_FILES: Final = (_LOCK, _USERS)
# Name -> random bytes. The last one is typed by people.
SECRETS: Final = {
    "postgres": 32,
    "owner": 32,
    "app": 32,
    "redis": 32,
    "secret_key": 48,
    "pin_pepper": 48,
    "sealing_key": 48,
    "operator": 12,
}


@dataclass(frozen=True, slots=True)
class Listing:
    """Servers that run: who keeps them, their processes and addresses, and which data they serve."""

    keeper: Identity
    servers: dict[str, Identity]
    database_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    data_id: str


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only from the first byte on."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    scratch.replace(path)


def load_secrets(folder: Path) -> dict[str, str]:
    """Return this clone's passwords and keys, made at random on first use."""
    path = folder / _SECRETS
    known = _read_json(path)
    if known is None and path.exists():
        raise EmbeddedError(
            f"{path} is damaged, and without its passwords the data cannot be opened. Restore the file, or "
            "start over with bin/demo --fresh."
        )
    values = {
        name: str((known or {}).get(name) or secrets.token_urlsafe(size)) for name, size in SECRETS.items()
    }
    if values != known:
        write_private(path, json.dumps(values, indent=2) + "\n")
    return values


def has_secrets(folder: Path) -> bool:
    """Whether passwords have been made for this folder."""
    return (folder / _SECRETS).exists()


def write_listing(folder: Path, listing: Listing) -> None:
    """Tell other processes of this clone which servers run."""
    write_private(folder / _SERVICES, json.dumps({"format": _FORMAT, **asdict(listing)}, indent=2) + "\n")


def remove_listing(folder: Path) -> None:
    """Say that no server runs."""
    (folder / _SERVICES).unlink(missing_ok=True)


def read_listing(folder: Path) -> Listing | None:
    """Return the running servers; None when there are none, or when the file tells of processes that are
    gone.
    """
    found = _read_json(folder / _SERVICES)
    if found is None or found.pop("format", None) != _FORMAT:
        return None
    try:
        found["keeper"] = Identity(**found["keeper"])
        found["servers"] = {name: Identity(**identity) for name, identity in found["servers"].items()}
        listing = Listing(**found)
    except (AttributeError, KeyError, TypeError):
        return None
    alive = is_alive(listing.keeper) and all(is_alive(server) for server in listing.servers.values())
    return listing if alive else None


@contextmanager
def starter_lock(folder: Path) -> Iterator[bool]:
    """Try to become the one process that starts and keeps the servers; yields whether it worked.

    The kernel drops the lock when the process ends, however it ends.
    """
    with _open_lock(folder / _LOCK) as file:
        taken = _try_lock(file, fcntl.LOCK_EX)
        if taken:
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        yield taken


def lock_holder(folder: Path) -> int | None:
    """Return the process id the present or last holder of the starter lock wrote, None when it is
    unreadable.
    """
    try:
        return int((folder / _LOCK).read_text())
    except (OSError, ValueError):
        return None


@contextmanager
def user_lock(folder: Path, *, alone: bool = False) -> Iterator[bool]:
    """Try to register as a user of the servers (many at once), or `alone`, which only works when nobody
    uses them.
    """
    with _open_lock(folder / _USERS) as file:
        yield _try_lock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)


def _open_lock(path: Path) -> IO[str]:
    try:
        return path.open("a+")
    except PermissionError:
        raise _foreign(path) from None


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _foreign(path) from None
    except (ValueError, OSError):
        return None
    return found if isinstance(found, dict) else None


def _foreign(path: Path) -> EmbeddedError:
    return EmbeddedError(
        f"{path} belongs to another user. Run as the user who ran Fynlo here first, or remove {path.parent}."
    )
