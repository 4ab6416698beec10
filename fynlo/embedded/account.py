"""Which system user a server runs as, and what that user can reach.

PostgreSQL refuses to run as root. So root hands the servers to the first existing of `postgres` and
`nobody`; every other user runs them itself. A clone in a closed home (mode 0700) is out of reach for that
user: then the data lives under the system's state folder and the binaries are copied there
(fynlo.embedded.places).
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fynlo.embedded.errors import EmbeddedError

_CANDIDATES: Final = ("postgres", "nobody")
_CAN_WRITE: Final = 'cd -- "$1" && test -w .'


@dataclass(frozen=True, slots=True)
class Account:
    """A user without privileges."""

    name: str
    uid: int
    gid: int

    def as_user(self) -> dict[str, Any]:
        """Return the arguments that make `subprocess` switch to this user, without supplementary groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account(*, data: Path | None = None) -> Account | None:
    """Return the user for the servers, None when the present user runs them itself.

    Data that already belongs to a plain user keeps its user, because PostgreSQL insists on owning its folder.
    """
    if os.geteuid() != 0:
        return None
    if data is not None and data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(_name_of(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and this system has neither a user 'postgres' nor 'nobody'. "
        "Add one of them (useradd --system postgres) or run as another user."
    )


def can_write(account: Account, folder: Path) -> bool:
    """Whether the user can enter the folder and write there, tried as that user."""
    try:
        tried = subprocess.run(
            ["/bin/sh", "-c", _CAN_WRITE, "sh", os.fspath(folder)],
            cwd="/",
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            **account.as_user(),
        )
    except PermissionError as problem:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root, and this system does not let root become '{account.name}' "
            f"({problem.strerror}). Run as a plain user, or set DATABASE_URL and REDIS_URL to servers of "
            "your own."
        ) from None
    return tried.returncode == 0


def give(folder: Path, account: Account | None) -> None:
    """Hand a folder or file to the servers' user, if there is a separate one."""
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
