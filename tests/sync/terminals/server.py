"""Fynlo as it is deployed, in a process of its own: HTTP and sockets on one port."""

import http.client
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fynlo.embedded.ports import pick_port
from tests import database

_SECONDS = 60.0


@contextmanager
def serving(*, database_name: str, redis_url: str, log: Path) -> Iterator[int]:
    """The port of a server that runs for the length of the block.

    Sockets ask for their rights once an hour by themselves, so what closes one sooner is an event.
    """
    port = pick_port()
    environment = {
        **os.environ,
        "FYNLO_ENV": "test",
        "DATABASE_URL": database.with_name(os.environ["DATABASE_URL"], database_name),
        "REDIS_URL": redis_url,
        "FYNLO_SOCKET_RECHECK_SECONDS": "3600",
        "FYNLO_SOCKET_HEARTBEAT_SECONDS": "3600",
    }
    command = [sys.executable, "-m", "fynlo.realtime.server", "-b", "127.0.0.1", "-p", str(port), "-v", "0"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "fynlo.asgi:application"],
            cwd=database.ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_live(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _wait_until_live(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    pause = threading.Event()
    for _ in range(int(_SECONDS / 0.05)):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        try:
            connection.request("GET", "/health/live")
            connection.getresponse().read()
        except OSError:
            assert process.poll() is None, log.read_text()
            pause.wait(0.05)
        else:
            return
        finally:
            connection.close()
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
