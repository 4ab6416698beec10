"""One server process: is it alive, what did it say, stop it."""

import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fynlo.embedded import logs, processes


@dataclass(frozen=True, slots=True)
class Server:
    """A child process that serves, with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def identity(self) -> processes.Identity:
        """What other processes recognise it by; a server that is gone keeps its number and is never alive."""
        return processes.identity_of(self.process.pid) or processes.Identity(self.process.pid, "gone")

    def is_running(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def last_words(self, *, lines: int = 5) -> list[str]:
        """Return the end of its log."""
        return logs.tail(self.log, lines=lines)

    def how_it_ended(self) -> str:
        """Return "exit code 1" or "killed by SIGKILL" for a process that has ended."""
        code = self.process.poll()
        if code is not None and code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def stop(self, *, steps: Sequence[tuple[signal.Signals, float]]) -> bool:
        """Stop it with these signals and patience; True when it was running and ended with exit code 0."""
        if not self.is_running():
            return False
        processes.stop(self.process, steps=steps)
        return self.process.returncode == 0
