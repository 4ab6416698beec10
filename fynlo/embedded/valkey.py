"""Run a Valkey or Redis of this clone: start, readiness, stop."""

import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import redis

from fynlo.embedded import logs, ports, processes
from fynlo.embedded.account import Account, give
from fynlo.embedded.cluster import require_space, server_environment
from fynlo.embedded.errors import EmbeddedError, PortTakenError, explain
from fynlo.embedded.profiles import Profile
from fynlo.embedded.providers import Program
from fynlo.embedded.server import Server

SPACE_TO_START: Final = 32 * 1024**2
_START_SECONDS: Final = 60.0
_ATTEMPTS: Final = 3
_PORT: Final = "valkey.port"
_STOP_STEPS: Final = ((signal.SIGTERM, 10.0),)


@dataclass(frozen=True, slots=True)
class Valkey:
    """A running Redis-compatible server and where it listens."""

    server: Server
    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The address, with the password (which needs no quoting: it is made of letters, digits, `-` and
        `_`).
        """
        return f"redis://:{self.password}@{ports.LOOPBACK}:{self.port}/0"

    def stop(self) -> None:
        """Shut down; what was acknowledged is flushed to the append-only file."""
        self.server.stop(steps=_STOP_STEPS)


def start_valkey(
    folder: Path, program: Program, *, profile: Profile, account: Account | None, password: str, log: Path
) -> Valkey:
    """Start the server in its data folder and return once it answers; picks a free port."""
    data = folder / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    give(data, account)
    require_space(data, SPACE_TO_START)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _start_once(data, program, profile=profile, account=account, password=password, log=log)
        except PortTakenError:
            ports.forget(folder / _PORT)
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def _start_once(
    data: Path, program: Program, *, profile: Profile, account: Account | None, password: str, log: Path
) -> Valkey:
    port = ports.remembered_port(data.with_name(_PORT))
    with logs.open_log(log) as output:
        process = processes.spawn(
            [program.executable, "-"],
            environment=server_environment(),
            output=output,
            death_signal=signal.SIGTERM,
            account=account,
            stdin=subprocess.PIPE,
        )
    server = Server(name="Valkey", process=process, log=log)
    try:
        _configure(process, data, port=port, password=password, profile=profile)
        _wait_until_ready(server, port=port, password=password)
    except BaseException:
        server.stop(steps=_STOP_STEPS)
        raise
    return Valkey(server=server, port=port, password=password)


def _configure(
    process: subprocess.Popen[bytes], data: Path, *, port: int, password: str, profile: Profile
) -> None:
    """Hand over the configuration on standard input: on the command line everybody could read the "
    "password."""
    settings = {
        "bind": ports.LOOPBACK,
        "port": str(port),
        "requirepass": password,
        "dir": f'"{data}"',
        "daemonize": "no",
        **profile.redis,
    }
    if process.stdin is None:
        raise AssertionError("spawned with a pipe as standard input")
    try:
        with process.stdin as pipe:
            pipe.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())
    except BrokenPipeError:
        pass  # it has already ended; its log says why


def _wait_until_ready(server: Server, *, port: int, password: str) -> None:
    client = redis.Redis(host=ports.LOOPBACK, port=port, password=password, socket_timeout=5)

    def answers() -> bool:
        if not server.is_running():
            return True
        try:
            return bool(client.ping())
        except redis.AuthenticationError:
            raise PortTakenError("Valkey found its port taken three times in a row; start again.") from None
        except redis.RedisError:
            return False  # not listening yet, or still loading its data

    try:
        is_ready = processes.wait_until(answers, seconds=_START_SECONDS) and server.is_running()
    finally:
        client.close()
    if is_ready:
        return
    said = "\n".join(server.last_words(lines=20))
    if "Address already in use" in said:
        raise PortTakenError("Valkey found its port taken three times in a row; start again.")
    last = said.splitlines()[-1].strip() if said else "it did not answer in time"
    raise EmbeddedError(f"Valkey did not start: {explain(said) or last}. Its log is {server.log}.")
