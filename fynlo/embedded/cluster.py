"""The data folder of PostgreSQL: made in one step, recognised, never opened by the wrong major version."""

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fynlo.embedded.account import Account, give
from fynlo.embedded.errors import EmbeddedError, explain
from fynlo.embedded.processes import works_on
from fynlo.embedded.profiles import Profile
from fynlo.embedded.providers import Program

SUPERUSER: Final = "postgres"
SPACE_TO_CREATE: Final = 256 * 1024**2
SPACE_TO_START: Final = 64 * 1024**2
BUILTIN_LOCALES_SINCE: Final = 17
_IN_USE: Final = "in_use"  # present while a server runs; left behind when it did not stop cleanly
_DATA_ID: Final = "data_id"
_PID_LINE: Final = 0
_STATUS_LINE: Final = 7


@dataclass(frozen=True, slots=True)
class Cluster:
    """One PostgreSQL data folder: `<folder>/pg`, beside its port, its id and the marker of a running
    server.
    """

    folder: Path
    profile: Profile
    account: Account | None

    @property
    def data(self) -> Path:
        """The folder given to `postgres -D`."""
        return self.folder / "pg"

    @property
    def data_id(self) -> str:
        """A random id of this data, made with it: says whether two starts serve the same data."""
        return (self.folder / _DATA_ID).read_text().strip()

    def prepare(self, program: Program, *, password: str, space: int | None = None) -> None:
        """Make the data folder if there is none; refuse one of another major version or a nearly full "
        "disk."""
        if not self.profile.is_durable and not self._is_trustworthy(program):
            self._discard()
        exists = self.data.exists()
        require_space(self.folder, space or (SPACE_TO_START if exists else SPACE_TO_CREATE))
        if exists:
            self._check_version(program)
        else:
            self._create(program, password)

    def mark_in_use(self) -> None:
        """Note that a server is about to work on the data."""
        (self.folder / _IN_USE).touch()

    def mark_clean(self) -> None:
        """Note that the server has stopped in order."""
        (self.folder / _IN_USE).unlink(missing_ok=True)

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id accepts connections: a stale file says `ready` as well."""
        lines = self._pid_file_lines()
        return (
            len(lines) > _STATUS_LINE
            and lines[_PID_LINE].strip() == str(pid)
            and lines[_STATUS_LINE].strip() == "ready"
        )

    def other_server(self) -> int | None:
        """Return the process id of a server that works on this data, None when the pid file is stale or
        missing.

        A process that merely inherited the number (after a reboot or in a new container) works in another
        folder.
        """
        try:
            pid = int(self._pid_file_lines()[_PID_LINE])
        except (IndexError, ValueError):
            return None
        return pid if works_on(pid, self.data) else None

    def drop_stale_pid_file(self) -> None:
        """Remove the pid file of a dead server: PostgreSQL itself refuses it if its number has a new "
        "owner."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_trustworthy(self, program: Program) -> bool:
        """Whether a throw-away cluster can be used again: without fsync it cannot after a crash."""
        return not (self.folder / _IN_USE).exists() and self._made_by() == str(program.version[0])

    def _made_by(self) -> str | None:
        try:
            return (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            return None

    def _check_version(self, program: Program) -> None:
        made_by, offered = self._made_by(), str(program.version[0])
        if made_by is None:
            raise EmbeddedError(
                f"{self.data} is not a PostgreSQL data folder any more (PG_VERSION is missing). "
                "Restore it, or start over with bin/demo --fresh."
            )
        if made_by != offered:
            raise EmbeddedError(
                f"The data in {self.data} was made by PostgreSQL {made_by}, but {program.source} is "
                f"version {offered}. "
                f"To keep the data, set FYNLO_PG_BIN to the programs of PostgreSQL {made_by}; "
                "to start over, run bin/demo --fresh."
            )

    def _create(self, program: Program, password: str) -> None:
        scratch = self.folder / "pg.init"
        shutil.rmtree(scratch, ignore_errors=True)
        word = self.folder / "pg.password"
        word.unlink(missing_ok=True)
        with os.fdopen(os.open(word, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
        give(word, self.account)
        try:
            self._initdb(program, scratch, word)
            (self.folder / _DATA_ID).write_text(f"{secrets.token_hex(8)}\n")
            scratch.rename(self.data)
        finally:
            word.unlink(missing_ok=True)
            shutil.rmtree(scratch, ignore_errors=True)

    def _initdb(self, program: Program, scratch: Path, word: Path) -> None:
        said = ""
        for locale in _locales(program):
            command = [
                os.fspath(program.executable.with_name("initdb")),
                f"--pgdata={scratch}",
                f"--username={SUPERUSER}",
                f"--pwfile={word}",
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                *locale,
                *self.profile.initdb,
            ]
            done = subprocess.run(
                command,
                cwd="/",
                env=server_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                **({} if self.account is None else self.account.as_user()),
            )
            if done.returncode == 0:
                return
            said = done.stdout.strip() or f"exit code {done.returncode}"
            if "locale" not in said:
                break
        reason = explain(said) or said.splitlines()[-1]
        raise EmbeddedError(f"PostgreSQL ({program.source}) could not create {self.data}: {reason}.")

    def _discard(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.mark_clean()

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(errors="replace").splitlines()
        except OSError:
            return []


def server_environment() -> dict[str, str]:
    """Return the environment of a server: no PG* variable of the caller may steer it, and it speaks
    English.
    """
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def require_space(folder: Path, needed: int) -> None:
    """Refuse to begin on a disk that would fill up in the middle."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise EmbeddedError(
            f"Only {free // 1024**2} MB are free on the disk of {folder}; {needed // 1024**2} MB are needed. "
            "Free some space and start again."
        )


def _locales(program: Program) -> list[list[str]]:
    """Return the locales to try: code point order everywhere, so that two machines sort alike."""
    if program.version[0] >= BUILTIN_LOCALES_SINCE:
        return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    return [["--locale=C.UTF-8"], ["--locale=C"]]
