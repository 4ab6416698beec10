"""Start, recognise and stop child processes so that none outlives its supervisor.

A process id alone says nothing: after a restart the number belongs to somebody else. So a process is known
by its id together with the moment it started, as the kernel tells it.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from fynlo.embedded.account import Account

_PR_SET_PDEATHSIG: Final = 1
_ORPHANED: Final = 125
_POLL_SECONDS: Final = 0.02
_START_TIME_AFTER_NAME: Final = (
    19  # field 22 of /proc/<pid>/stat, counted from the state that follows the name
)


@dataclass(frozen=True, slots=True)
class Identity:
    """One process for all time: its id and the kernel's text for when it started."""

    pid: int
    started: str


def identity_of(pid: int) -> Identity | None:
    """Return the identity of a living process, None when there is none (a zombie is not alive)."""
    if sys.platform != "linux":
        return _identity_from_ps(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else Identity(pid, fields[_START_TIME_AFTER_NAME])


def is_alive(identity: Identity) -> bool:
    """Whether exactly this process still runs."""
    return identity_of(identity.pid) == identity


def works_on(pid: int, folder: Path) -> bool:
    """Whether a living process is the server of this data folder, whatever number it has."""
    if sys.platform != "linux":
        answer = subprocess.run(
            ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return str(folder) in answer.stdout
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return False


def bound_to_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Return a `preexec_fn` that lets the kernel signal the child when this process dies (Linux only).

    It must run after the change of user, which clears the setting; `subprocess` does it in that order. The
    signal follows the death of the starting *thread*, so children are started from the main thread.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(_ORPHANED)

    return bind


def spawn(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    output: IO[bytes] | int,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    folder: Path | str = "/",
    stdin: int = subprocess.DEVNULL,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C reaches only the supervisor, which stops in the right
    order.
    """
    user = {} if account is None else account.as_user()
    with _forking:
        return subprocess.Popen(
            [os.fspath(argument) for argument in arguments],
            env=dict(environment),
            cwd=folder,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(pass_fds),
            preexec_fn=bound_to_parent(death_signal),  # noqa: PLW1509 - one thread when children are started
            **user,
        )


class _Forking:
    """Whether a child is being made at this moment."""

    def __init__(self) -> None:
        self.depth = 0

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *_: object) -> None:
        self.depth -= 1


_forking = _Forking()


def is_forking() -> bool:
    """Whether `spawn` is making a child right now: a signal handler must not raise then.

    Python runs hooks around a fork, swallows what is raised inside them and prints it; and a child that is made
    just then would be nobody's.
    """
    return _forking.depth > 0


def stop(process: subprocess.Popen[bytes], *, steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn and wait its seconds for the end; what is left then is killed."""
    for number, seconds in steps:
        if process.poll() is None:
            process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
    finish(process, seconds=0)


def finish(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Wait for the end of a process that was asked to end; kill it after that, and its group in any case."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(
        ProcessLookupError, PermissionError
    ):  # nobody left; macOS says EPERM for a group of zombies
        os.killpg(process.pid, signal.SIGKILL)


def ask(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Poll a condition until it holds (True) or the time is over (False)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _identity_from_ps(pid: int) -> Identity | None:
    answer = subprocess.run(
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, started = answer.stdout.strip().partition(" ")
    return Identity(pid, started.strip()) if started and not state.startswith("Z") else None
