"""Where the state of one clone lives: `.fynlo/`, and the servers' data when root cannot keep it there.

`.fynlo/` holds passwords, locks, logs and the list of running servers, readable by its owner only. The
servers' data is `.fynlo/data` too, except for root in a folder that the servers' user cannot reach (a home
with mode 0700): then it is `<system state>/<clone>-<random>`, recorded in `.fynlo/data_folder`, so that the
next start finds it.
"""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fynlo.embedded.account import Account, can_write, give
from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.providers import Program, runs

STATE_NAME: Final = ".fynlo"
SYSTEM_STATE: Final = Path("/var/lib/fynlo")
_RECORD: Final = "data_folder"
_MARKER: Final = (
    "clone"  # names the clone a system folder belongs to; without it nothing there is ever deleted
)
_PRIVATE: Final = 0o700
_TRAVERSABLE: Final = 0o711
_OPEN: Final = 0o755


@dataclass(frozen=True, slots=True)
class Place:
    """The state folder of one clone and profile; `system_state` is where root keeps what others must "
    "reach."""

    folder: Path
    system_state: Path = SYSTEM_STATE

    def make(self) -> None:
        """Create the folder; root leaves it traversable, because another user runs the servers."""
        mode = _TRAVERSABLE if os.geteuid() == 0 else _PRIVATE
        try:
            for folder in (*self._parent(), self.folder, self.folder / "log"):
                folder.mkdir(mode=mode, exist_ok=True)
                if folder.stat().st_uid == os.geteuid():
                    folder.chmod(mode)
        except OSError as problem:
            raise _unusable(self.folder, problem) from None
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise _unusable(self.folder, PermissionError(13, "Permission denied"))

    def data_folder(self, account: Account | None) -> Path:
        """Return the folder for the servers' data, made and owned by the user who runs them."""
        recorded = self.recorded_data_folder()
        folder = recorded or self.folder / "data"
        try:
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
            give(folder, account)
            if account is None or can_write(account, folder):
                return folder
            return self._system_data_folder(account)
        except OSError as problem:
            raise _unusable(folder, problem) from None

    def recorded_data_folder(self) -> Path | None:
        """Return the folder outside the clone that an earlier start chose, if there is one."""
        try:
            return Path((self.folder / _RECORD).read_text().strip())
        except FileNotFoundError:
            return None

    def reachable(self, program: Program, account: Account | None) -> Program:
        """Return the program as the servers' user can run it: where it is, or a copy under the system
        state.
        """
        if account is None or runs(program.executable, account) is not None:
            return program
        key = hashlib.sha256(program.executable.read_bytes()).hexdigest()[:16]
        copy = self.system_state / "programs" / key
        executable = copy / program.executable.relative_to(program.top)
        if not executable.exists():
            _copy_program(program, copy)
        if runs(executable, account) is None:
            raise EmbeddedError(
                f"The user '{account.name}' cannot run {program.executable.name} ({program.source}), "
                "neither in place "
                f"nor as a copy in {copy}. Set FYNLO_PG_BIN and FYNLO_REDIS_BIN to folders it can reach."
            )
        return replace(program, executable=executable)

    def erase(self, *, keep: Collection[str] = ()) -> None:
        """Delete this state, except the named entries, and the data recorded in it; nothing outside these
        two.
        """
        if self.folder.is_symlink():
            raise EmbeddedError(f"{self.folder} is a link; delete what it points to yourself.")
        recorded = self.recorded_data_folder()
        if recorded is not None and recorded.parent == self.system_state and (recorded / _MARKER).is_file():
            shutil.rmtree(recorded)
        for entry in self.folder.iterdir() if self.folder.exists() else ():
            if entry.name not in keep:
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry)
                else:
                    entry.unlink()

    def _system_data_folder(self, account: Account) -> Path:
        clone = self.folder.parent
        name = re.sub(r"[^A-Za-z0-9_-]", "_", clone.name) or "clone"
        holder = self.system_state / f"{name}-{secrets.token_hex(4)}"
        _make_open(self.system_state)
        holder.mkdir(mode=_PRIVATE)
        (holder / _MARKER).write_text(f"{self.folder}\n")
        give(holder, account)
        if not can_write(account, holder):
            raise EmbeddedError(
                f"Neither {self.folder} nor {holder} can be reached by the user '{account.name}', who has "
                "to run the "
                "servers. Clone into a folder others may enter (mode 0755), or run as a plain user."
            )
        (self.folder / _RECORD).write_text(f"{holder}\n")
        return holder

    def _parent(self) -> tuple[Path, ...]:
        """Return `.fynlo` when this place is a folder inside it."""
        return (self.folder.parent,) if self.folder.parent.name == STATE_NAME else ()


def _make_open(folder: Path) -> None:
    """Create folders that every user may enter, whatever the umask says."""
    for parent in (*reversed(folder.parents), folder):
        if not parent.exists():
            parent.mkdir()
            parent.chmod(_OPEN)


def _copy_program(program: Program, copy: Path) -> None:
    scratch = copy.with_name(f"{copy.name}.{os.getpid()}")
    try:
        _make_open(copy.parent)
        for part in program.parts:
            target = scratch / part.relative_to(program.top)
            if part.is_dir():
                shutil.copytree(part, target, symlinks=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(part, target)
        for folder, folders, files in os.walk(scratch):
            for name in (*folders, *files):
                path = Path(folder, name)
                if not path.is_symlink():
                    path.chmod(_OPEN if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        scratch.chmod(_OPEN)
        if not copy.exists():
            scratch.rename(copy)
    except OSError as problem:
        raise EmbeddedError(
            f"{program.executable.name} cannot be copied to {copy}: {problem.strerror}."
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _unusable(folder: Path, problem: OSError) -> EmbeddedError:
    return EmbeddedError(
        f"The state folder {folder} cannot be used: {problem.strerror}. It belongs to whoever ran Fynlo "
        "here first; run as the same user, or remove it."
    )
