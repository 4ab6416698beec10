"""A Redis of one test session: sessions that run at the same time share no channels, and it may be stopped."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from fynlo.embedded.ports import pick_port
from fynlo.embedded.providers import usable_redis
from fynlo.events import nudge

_SECONDS = 20.0


class RedisServer:
    """One server on a loopback port of its own; nothing is kept on disk."""

    def __init__(self, folder: Path) -> None:
        self._program = usable_redis({}, lambda program: program).executable
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = pick_port()
        self.client = redis.Redis(host="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        """The address to configure."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and return once it answers."""
        options = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": self._folder,
            "save": "",
            "appendonly": "no",
        }
        command = [str(self._program)]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pause = threading.Event()
        for _ in range(int(_SECONDS / 0.02)):
            try:
                self.client.ping()
            except redis.ConnectionError:
                pause.wait(0.02)
            else:
                return
        raise AssertionError("the tests' Redis did not start")

    def stop(self) -> None:
        """Stop, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def running(folder: Path) -> Iterator[RedisServer]:
    """A server that runs for the length of the block."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.client.close()
        server.stop()


# Fixtures; a conftest that wants them imports them.


@pytest.fixture(scope="session")
def session_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """This session's own Redis."""
    with running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def own_redis(session_redis: RedisServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RedisServer:
    """`settings.REDIS_URL` is this session's own Redis."""
    configure(session_redis.url, settings, monkeypatch)
    return session_redis


@pytest.fixture
def redis_of_this_test(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RedisServer]:
    """A Redis the test may stop and start."""
    with running(tmp_path) as server:
        configure(server.url, settings, monkeypatch)
        yield server


@pytest.fixture
def no_redis(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`settings.REDIS_URL` names a port nobody listens on."""
    configure("redis://127.0.0.1:1/0", settings, monkeypatch)


def configure(url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have everything in this process use the Redis at `url`."""
    settings.REDIS_URL = url
    layer = settings.CHANNEL_LAYERS["default"]
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "hosts": [url]}}}
    monkeypatch.setattr(nudge._Pause, "until", 0.0)
