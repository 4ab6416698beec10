"""Keep a set of processes together: when one ends, or somebody asks, all end, in order, and none is left
behind.

Signals become an exception in the main thread (`StopRequested`), so that every phase is left the same way,
through its `finally`. While stopping, a second signal kills what is still there instead of interrupting the
stopping.
"""

import os
import select
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from fynlo.demo.errors import ProcessDiedError, StepFailedError
from fynlo.embedded import logs, processes
from fynlo.embedded.errors import explain
from fynlo.embedded.server import Server

_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_SECONDS: Final = 1.0


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal; not an error, hence no Exception."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class StopRequests:
    """The first stop signal, remembered."""

    def __init__(self) -> None:
        self._number: int | None = None

    def make(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal: raise, or only remember it while a child is being made (`check` raises then)."""
        self._number = number
        if not processes.is_forking():
            raise StopRequested(number)

    def check(self) -> None:
        """Raise StopRequested if a signal has come."""
        if self._number is not None:
            raise StopRequested(self._number)


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep running. Lower `stop_order` ends first; `patience` is in seconds."""

    name: str
    arguments: tuple[str, ...]
    stop_order: int
    patience: float = 10.0
    pass_fds: tuple[int, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """The processes of one demo; use `supervising` to make one."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        folder: Path,
        log_folder: Path,
        servers: Sequence[Server],
        requests: StopRequests,
    ) -> None:
        self._environment = dict(environment)
        self._folder = folder
        self._log_folder = log_folder
        self._servers = tuple(servers)
        self._requests = requests
        self._children: list[tuple[Program, Server]] = []

    def start(self, program: Program) -> None:
        """Start a process that is expected to run until it is stopped."""
        child = self._spawn(program.name, program.arguments, program.environment, program.pass_fds)
        self._children.append((program, child))

    def run(
        self, name: str, arguments: Sequence[str], *, environment: Mapping[str, str] | None = None
    ) -> list[str]:
        """Run a command to its end and return the lines it wrote; raises StepFailedError with the last of
        them.
        """
        step = self._spawn(name, arguments, environment or {})
        try:
            while step.is_running():
                self._look()
                processes.wait_until(lambda: not step.is_running(), seconds=_LOOK_SECONDS)
        finally:
            step.stop(steps=((signal.SIGTERM, 10.0),))
        lines = logs.tail(step.log, lines=1000)
        if step.process.returncode != 0:
            raise StepFailedError(_obituary(step, f"The step “{name}” failed ({step.how_it_ended()})."))
        return lines

    def wait_until(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Poll a condition while everything keeps running; False when the time is over."""

        def holds_or_dead() -> bool:
            self._look()
            return condition()

        return processes.wait_until(holds_or_dead, seconds=seconds)

    def watch(self) -> None:
        """Return never: raises StopRequested when asked to stop, ProcessDiedError when a process ends by
        itself.
        """
        receiver, sender = os.pipe()
        os.set_blocking(sender, False)
        before = signal.signal(
            signal.SIGCHLD, lambda _number, _frame: None
        )  # a handler makes the wake-up pipe speak
        wakeup = signal.set_wakeup_fd(sender, warn_on_full_buffer=False)
        try:
            while True:
                self._look()
                if select.select([receiver], [], [], _LOOK_SECONDS)[0]:
                    os.read(receiver, 4096)
        finally:
            signal.set_wakeup_fd(wakeup)
            signal.signal(signal.SIGCHLD, before)
            os.close(receiver)
            os.close(sender)

    def stop(self) -> None:
        """End all processes, lowest `stop_order` first, those of one order together.

        The embedded servers are ended afterwards, by whoever started them.
        """
        for order in sorted({program.stop_order for program, _ in self._children}):
            group = [(program, child) for program, child in self._children if program.stop_order == order]
            for _, child in group:
                if child.is_running():
                    child.process.terminate()
            for program, child in group:
                processes.finish(child.process, seconds=program.patience)
        self._children.clear()

    def hurry(self) -> None:
        """Kill what has not ended yet (a second Ctrl-C)."""
        for _, child in self._children:
            if child.is_running():
                with suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGKILL)

    def _look(self) -> None:
        self._requests.check()
        for server in (*self._servers, *(child for _, child in self._children)):
            if not server.is_running():
                raise ProcessDiedError(
                    _obituary(server, f"{server.name} ended unexpectedly ({server.how_it_ended()}).")
                )

    def _spawn(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        pass_fds: Sequence[int] = (),
    ) -> Server:
        log = self._log_folder / f"{name.replace(' ', '-')}.log"
        with logs.open_log(log) as output:
            process = processes.spawn(
                arguments,
                environment={**self._environment, **environment},
                output=output,
                folder=self._folder,
                pass_fds=pass_fds,
            )
        return Server(name=name, process=process, log=log)


@contextmanager
def stop_requests() -> Iterator[StopRequests]:
    """Turn the first stop signal into StopRequested; a SIGHUP that is ignored (nohup) stays ignored.

    An ignored SIGINT does not: shells ignore it for background jobs, and whoever sends it means it.
    """
    requests = StopRequests()
    before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}
    for number, handler in before.items():
        if number != signal.SIGHUP or handler is not signal.SIG_IGN:
            signal.signal(number, requests.make)
    try:
        yield requests
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def supervising(
    *,
    environment: Mapping[str, str],
    folder: Path,
    log_folder: Path,
    servers: Sequence[Server] = (),
    requests: StopRequests | None = None,
) -> Iterator[Supervisor]:
    """Yield a supervisor; whatever happens inside, its processes have ended afterwards."""
    supervisor = Supervisor(
        environment=environment,
        folder=folder,
        log_folder=log_folder,
        servers=servers,
        requests=requests or StopRequests(),
    )
    try:
        yield supervisor
    finally:
        for number in _STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda _number, _frame: supervisor.hurry())
        supervisor.stop()


def _obituary(server: Server, headline: str) -> str:
    words = server.last_words(lines=8)
    meaning = explain("\n".join(words))
    reason = [f"It says: {meaning}."] if meaning else []
    shown = ["Its last lines:", *(f"    {line}" for line in words)] if words else []
    return "\n".join([headline, *reason, *shown, f"Its log is {server.log}."])
