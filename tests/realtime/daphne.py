"""A real daphne in a process of its own."""

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fynlo.core.actors import Actor
from fynlo.embedded.ports import pick_port
from tests import database

_SECONDS = 60.0
PATIENT, PLAIN = "fynlo.realtime.server", "daphne"


@dataclass(frozen=True)
class Daphne:
    """Where the server listens."""

    port: int
    refused: Path
    process: subprocess.Popen[bytes]

    def refuse(self, actor: Actor) -> None:
        """From now on `actor` may not listen; sockets find out when they ask."""
        (self.refused / str(actor.id)).touch()

    def frames(self) -> dict[str, int]:
        """How many event frames it has sent since its start, by source."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)
        try:
            connection.request("GET", "/frames")
            found: dict[str, int] = json.loads(connection.getresponse().read())
            return found
        finally:
            connection.close()


@contextmanager
def serving(*, database_name: str, redis_url: str, log: Path, module: str = PATIENT) -> Iterator[Daphne]:
    """A server that runs for the length of the block, on the test's database and Redis."""
    port = pick_port()
    refused = log.with_suffix(".refused")
    refused.mkdir()
    environment = {
        **os.environ,
        "FYNLO_ENV": "test",
        "DATABASE_URL": database.with_name(os.environ["DATABASE_URL"], database_name),
        "REDIS_URL": redis_url,
        "FYNLO_SOCKET_HEARTBEAT_SECONDS": "1",
        "FYNLO_SOCKET_RECHECK_SECONDS": "1",
        "FYNLO_TESTS_REFUSED": os.fspath(refused),
    }
    command = [
        sys.executable,
        "-m",
        module,
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "-v",
        "0",
        "--ping-timeout",
        "600",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "tests.realtime.application:application"],
            cwd=database.ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Daphne(port=port, refused=refused, process=process)
    try:
        _wait_until_ready(server, log)
        yield server
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _wait_until_ready(server: Daphne, log: Path) -> None:
    pause = threading.Event()
    for _ in range(int(_SECONDS / 0.05)):
        try:
            server.frames()
        except OSError:
            assert server.process.poll() is None, log.read_text()
            pause.wait(0.05)
        else:
            return
    raise AssertionError(f"daphne did not start:\n{log.read_text()}")
