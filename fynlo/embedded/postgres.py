"""Run PostgreSQL on a cluster of this clone: start, readiness, stop, and why it failed."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fynlo.embedded import logs, ports, processes
from fynlo.embedded.cluster import Cluster, server_environment
from fynlo.embedded.errors import EmbeddedError, PortTakenError, explain
from fynlo.embedded.providers import Program
from fynlo.embedded.server import Server

DATABASE: Final = "fynlo"
_START_SECONDS: Final = 300.0  # replaying the log after a crash takes its time
_LEFTOVER_SECONDS: Final = 30.0
_ATTEMPTS: Final = 3
_PORT: Final = "pg.port"
# Fast shutdown, then immediate shutdown (recovers at the next start); SIGKILL is the last resort of `stop`.
_STOP_STEPS: Final = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL and where it listens."""

    server: Server
    port: int
    cluster: Cluster

    def url(self, *, role: str, password: str, database: str = DATABASE) -> str:
        """Return the address for a role."""
        return f"postgres://{role}:{quote(password, safe='')}@{ports.LOOPBACK}:{self.port}/{database}"

    def stop(self) -> None:
        """Shut down in order; data folder and port stay for the next start."""
        if self.server.stop(steps=_STOP_STEPS):
            self.cluster.mark_clean()


def start_postgres(cluster: Cluster, program: Program, *, log: Path) -> Postgres:
    """Start the server of a prepared cluster and return once it accepts connections; picks a free port."""
    _wait_for_leftover(cluster)
    cluster.drop_stale_pid_file()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _start_once(cluster, program, log=log)
        except PortTakenError:
            ports.forget(cluster.folder / _PORT)
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def _start_once(cluster: Cluster, program: Program, *, log: Path) -> Postgres:
    port = ports.remembered_port(cluster.folder / _PORT)
    settings = {**cluster.profile.postgres, "port": str(port)}
    cluster.mark_in_use()
    with logs.open_log(log) as output:
        process = processes.spawn(
            [
                program.executable,
                "-D",
                cluster.data,
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            environment=server_environment(),
            output=output,
            death_signal=signal.SIGINT,
            account=cluster.account,
        )
    server = Server(name="PostgreSQL", process=process, log=log)
    try:
        _wait_until_ready(cluster, process, log)
    except BaseException:
        server.stop(steps=_STOP_STEPS)
        raise
    return Postgres(server=server, port=port, cluster=cluster)


def _wait_until_ready(cluster: Cluster, process: subprocess.Popen[bytes], log: Path) -> None:
    processes.wait_until(
        lambda: process.poll() is not None or cluster.is_ready(process.pid), seconds=_START_SECONDS
    )
    if process.poll() is None and cluster.is_ready(process.pid):
        return
    said = "\n".join(logs.tail(log, lines=20))
    if "Address already in use" in said:
        raise PortTakenError("PostgreSQL found its port taken three times in a row; start again.")
    reason = explain(said) or _last_complaint(said) or "it did not become ready in time"
    raise EmbeddedError(f"PostgreSQL did not start: {reason}. Its log is {log}.")


def _wait_for_leftover(cluster: Cluster) -> None:
    """Wait for a server that lost its supervisor and is still shutting down; ask one that does not."""
    for _ in range(2):
        pid = cluster.other_server()
        if pid is None:
            return
        if processes.wait_until(lambda: cluster.other_server() is None, seconds=_LEFTOVER_SECONDS / 2):
            return
        processes.ask(pid, signal.SIGINT)
    pid = cluster.other_server()
    if pid is not None:
        raise EmbeddedError(
            f"Another PostgreSQL (process {pid}) still works on {cluster.data}. Stop it and start again."
        )


def _last_complaint(said: str) -> str | None:
    complaints = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "ERROR" in line]
    return complaints[-1].strip() if complaints else None
