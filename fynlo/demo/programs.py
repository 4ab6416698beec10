"""The processes of the demo: the same commands an installation runs, small, and all on one machine."""

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Final

from fynlo.demo.errors import PortTakenError, StepFailedError
from fynlo.demo.supervisor import Program
from fynlo.demo.web import ADDRESS
from fynlo.embedded.services import Services

PROCESSES_SERVING_PAGES: Final = 2
HIGHEST_PORT: Final = 65535
_BACKLOG: Final = 128
_WEB: Final = ("--no-server-name", "-v", "0", "fynlo.asgi:application")


def listen(port: int) -> socket.socket:
    """Return the socket all web processes share (port 0: any free one); it exists before anything else
    starts.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
        listener.listen(_BACKLOG)
    except OSError as problem:
        listener.close()
        raise PortTakenError(
            f"Port {port} cannot be used ({problem.strerror}). Choose another one: bin/demo --port {_other(port)}"
        ) from None
    listener.set_inheritable(True)
    return listener


def _other(port: int) -> int:
    return port + 1 if port < HIGHEST_PORT else port - 1


def programs(*, listener: socket.socket, state_folder: Path, metrics: dict[str, str]) -> list[Program]:
    """Return what runs, in the order in which it starts; work stops coming in before those who do it stop."""
    descriptor = listener.fileno()
    web = ("-m", "fynlo.realtime.server", "--fd", str(descriptor), *_WEB)
    worker = ("-m", "celery", "--app", "fynlo.celery", "worker", "--queues", "celery,payments")
    beat = ("--beat", "--pool", "solo", "--schedule", os.fspath(state_folder / "celerybeat-schedule"))
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")
    python = sys.executable
    return [
        *(
            Program(
                f"web {number}", (python, *web), stop_order=1, pass_fds=(descriptor,), environment=metrics
            )
            for number in range(1, PROCESSES_SERVING_PAGES + 1)
        ),
        Program("relay", (python, "manage.py", "relay"), stop_order=2, environment=metrics),
        Program("worker", (python, *worker, *beat, *quiet), stop_order=2, patience=20.0, environment=metrics),
    ]


def environment(
    *, services: Services, secrets: dict[str, str], port: int, inherited: dict[str, str]
) -> dict[str, str]:
    """Return the environment of every process of the demo; what the caller set for secrets wins."""
    return {
        **secrets,
        **inherited,
        **services.environment(),
        "FYNLO_ENV": "development",
        "FYNLO_DATABASE_ROLE": "runtime",
        "FYNLO_BASE_DOMAIN": "localhost",
        "FYNLO_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def metrics_folder(state_folder: Path) -> dict[str, str]:
    """Empty the folder in which the processes add up their counters, and return the variable that names it.

    Raises StepFailedError when it is somebody else's: root ran the demo in a clone of another user.
    """
    folder = state_folder / "metrics"
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
    except OSError as problem:
        raise StepFailedError(
            f"{folder} cannot be emptied ({problem.strerror}). "
            "If another user ran the demo here, remove it as that user."
        ) from None
    return {"PROMETHEUS_MULTIPROC_DIR": os.fspath(folder)}
