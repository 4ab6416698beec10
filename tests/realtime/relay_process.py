"""`manage.py relay` in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import database

_SECONDS = 60.0


@contextmanager
def relay_running(
    *, database_name: str, redis_url: str, log: Path, sweep_seconds: int = 3600
) -> Iterator[subprocess.Popen[bytes]]:
    """A relay that is ready when the block begins, and gone when it ends."""
    environment = {
        **os.environ,
        "FYNLO_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "fynlo.settings",
        "DATABASE_URL": database.with_name(os.environ["DATABASE_URL"], database_name),
        "REDIS_URL": redis_url,
        "FYNLO_RELAY_SWEEP_SECONDS": str(sweep_seconds),
    }
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "django", "relay"],
            cwd=database.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith(b"relay: "), log.read_text()
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(_SECONDS)
        if process.stdout is not None:
            process.stdout.close()
