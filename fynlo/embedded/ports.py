"""A port that is free now, and the same one next time if it still is."""

import random
import socket
from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"
_RANGE: Final = range(20_000, 30_000)  # below the ports the kernel gives to outgoing connections
_TRIES: Final = 200


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except (OSError, OverflowError):
            return False
    return True


def remembered_port(memory: Path) -> int:
    """Return the port written in a file if it is still free, else a new free one, written there for the
    next start.
    """
    try:
        port = int(memory.read_text())
    except (OSError, ValueError):
        port = 0
    if port not in _RANGE or not is_free(port):
        port = pick_port()
        memory.write_text(f"{port}\n")
    return port


def forget(memory: Path) -> None:
    """Let the next start pick another port: a server could not use the remembered one."""
    memory.unlink(missing_ok=True)


def pick_port() -> int:
    """Return a free loopback port."""
    for port in random.sample(_RANGE, _TRIES):
        if is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
